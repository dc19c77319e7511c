// Values to store: small, valid against their schemas, and different where a test has to tell two apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry, StoreChange } from '../../../coordinator/store/store.ts';
import type { AbsolutePath, PlanId, ServerName, VolumeId, VolumeName } from '../../../shared/model/names.ts';
import type { Order, Outcome } from '../../../shared/model/order.ts';
import type { PlanRecord, PlanStatus } from '../../../shared/model/plan.ts';
import { defaultPolicy, type Policy } from '../../../shared/model/policy.ts';
import type { Report } from '../../../shared/model/report.ts';
import type { Log } from '../../../shared/runtime/log.ts';

export const volume = 'vol1' as VolumeName;
export const server = 'gluster1' as ServerName;
const volumeId = '0b7b1c5e-0000-4000-8000-000000000001' as VolumeId;

export const policy: Policy = { ...defaultPolicy, level: { ...defaultPolicy.level, freePercent: 15 } };

/** A plan of one step, the `number`th that was written. */
export function samplePlan(number: number, status: PlanStatus): PlanRecord {
  const space = { subvolumes: 1, bricks: 1, sizeBytes: 1000, freeBytes: 100 };
  return {
    plan: {
      id: planId(number),
      goal: { kind: 'grow', volume, volumeId },
      writtenAt: number,
      hash: number.toString(16).padStart(64, '0'),
      steps: [
        {
          kind: 'make-brick-directory',
          server,
          mountPoint: '/bricks/b1' as AbsolutePath,
          path: `/bricks/b1/${number}` as AbsolutePath,
        },
      ],
      reasons: ['the fullest subvolume has 10 % free'],
      candidates: [],
      before: space,
      after: { ...space, subvolumes: 2, bricks: 2 },
      copysets: { before: 0, after: 0 },
      scatterWidth: { before: 0, after: 0 },
    },
    status,
    approvedBy: null,
    startedAt: null,
    endedAt: null,
    message: null,
    steps: [
      {
        status: 'waiting',
        attempts: 0,
        orderId: null,
        orderedAt: null,
        deadline: null,
        retryAt: null,
        endedAt: null,
        message: null,
      },
    ],
  };
}

export function planId(number: number): PlanId {
  return `grow-vol1-${String(number).padStart(6, '0')}` as PlanId;
}

export function sampleOrder(planNumber: number, attempt: number): Order {
  const { plan } = samplePlan(planNumber, 'running');
  return {
    id: `1.${plan.id}.0.${attempt}`,
    epoch: 1,
    plan: plan.id,
    stepIndex: 0,
    server,
    issuedAt: 1,
    deadline: 60_000,
    step: plan.steps[0]!,
  };
}

export function sampleOutcome(order: Order): Outcome {
  return {
    orderId: order.id,
    plan: order.plan,
    stepIndex: order.stepIndex,
    server: order.server,
    kind: 'done',
    message: 'made',
    beganAt: 1,
    endedAt: 2,
  };
}

export function sampleEntry(planNumber: number, at: number): JournalEntry {
  return { at, plan: planId(planNumber), event: 'order-sent', server, stepIndex: 0, message: `entry ${at}` };
}

export function sampleReport(name: string): Report {
  const failed = {
    kind: 'failed',
    failedAt: 1,
    code: 'bad-output',
    message: 'no',
    lastSeenAt: null,
  } as const;
  return {
    server: name as ServerName,
    run: 'run-00000001',
    sequence: 1,
    sentAt: 1,
    agentVersion: '0.1.0',
    epoch: 0,
    sections: {
      filesystems: { kind: 'seen', seenAt: 1, value: [] },
      slots: failed,
      gluster: failed,
      bricks: failed,
      ports: failed,
      names: failed,
    },
  };
}

/** A change that saves what is given, and nothing else. */
export function change(parts: Partial<StoreChange>): StoreChange {
  return { plans: [], orders: [], policies: [], journal: [], ...parts };
}

/** A log that keeps the sentences it was told. */
export function recordingLog(): { log: Log; sentences: string[] } {
  const sentences: string[] = [];
  const keep = (_fields: object, message: string) => void sentences.push(message);
  return { log: { debug: keep, info: keep, warn: keep, error: keep }, sentences };
}

/** Calls `work` with a new state directory's path and removes the directory afterwards. */
export function inStateDirectory<T>(work: (directory: string) => T): T {
  const parent = mkdtempSync(join(tmpdir(), 'mortar-store-'));
  try {
    return work(join(parent, 'state'));
  } finally {
    rmSync(parent, { recursive: true });
  }
}

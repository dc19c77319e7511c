// What plans in flight keep for themselves: those under way for certain, proposals only before younger ones.
import { expect, test } from 'vitest';
import { reservationsFor } from '../../../../coordinator/core/placement/reservations.ts';
import type { VolumeId, VolumeName } from '../../../../shared/model/names.ts';
import type { PlanRecord, PlanStatus } from '../../../../shared/model/plan.ts';
import type { Volume } from '../../../../shared/model/volume.ts';
import { makeVolume } from '../../../support/make-volume.ts';
import { samplePlan } from '../../store/samples.ts';

function recordOf(volume: string, status: PlanStatus, writtenAt: number): PlanRecord {
  const record = samplePlan(writtenAt, status);
  const goal = {
    ...record.plan.goal,
    volume: volume as VolumeName,
    volumeId: volumeId(volume),
  };
  const before = { subvolumes: 1, bricks: 1, sizeBytes: 1000, freeBytes: 0 };
  const after = { subvolumes: 2, bricks: 2, sizeBytes: 2000, freeBytes: 1000 };
  return { ...record, plan: { ...record.plan, goal, before, after } };
}

function volumeId(name: string): VolumeId {
  return `0b7b1c5e-0000-4000-8000-00000000000${name.length}` as VolumeId;
}

const volume: Volume = { ...makeVolume({ kind: 'distribute', bricks: 1 }), id: volumeId('own') };
const place = { server: 'gluster1', mountPoint: '/bricks/b1', volume: 'other', bytes: 500 };

test.each<[string, PlanRecord, PlanRecord | undefined, unknown[]]>([
  ['a running plan', recordOf('other', 'running', 9), undefined, [{ ...place, isProposal: false }]],
  ['a paused plan', recordOf('other', 'paused', 9), undefined, [{ ...place, isProposal: false }]],
  ['a proposal', recordOf('other', 'proposed', 9), undefined, [{ ...place, isProposal: true }]],
  [
    'a proposal older than the own',
    recordOf('other', 'proposed', 1),
    recordOf('own', 'proposed', 2),
    [{ ...place, isProposal: true }],
  ],
  ['a proposal younger than the own', recordOf('other', 'proposed', 3), recordOf('own', 'proposed', 2), []],
  ['the own proposal', recordOf('own', 'proposed', 1), undefined, []],
  ['a plan that is done', recordOf('other', 'done', 1), undefined, []],
])('%s', (_, record, own, expected) => {
  expect(reservationsFor(volume, [record], own)).toEqual(expected);
});

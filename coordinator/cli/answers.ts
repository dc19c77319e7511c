// What the command reads of the API's answers; the answers have more. A test holds these against the API's own schemas, so
// that the compiler says when they part. Times are ms since 1970, ages ms, sizes bytes, and null is "not known".
import type { Decision } from '../../shared/model/decision.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { Candidate, Plan, PlanStatus, Space, StepProgress } from '../../shared/model/plan.ts';
import type { Policy } from '../../shared/model/policy.ts';

export interface HealthAnswer {
  status: 'ok' | 'warning' | 'critical';
  summary: string;
  findings: Finding[];
  counts: { findings: { critical: number; warning: number; info: number } };
  asOf: number;
  epoch: number;
}

export interface ServerAnswer {
  name: string;
  isFresh: boolean;
  silentMs: number;
  agentVersion: string;
  glusterVersion: string | null;
  peers: { total: number; connected: number } | null;
  slots: { total: number; usable: number } | null;
  bricks: { total: number; up: number } | null;
  failedSections: string[];
}

export interface SlotAnswer {
  server: string;
  path: string;
  problem: { sentence: string } | null;
  isFresh: boolean;
  sizeBytes: number | null;
  freeBytes: number | null;
  bricks: { volume: string; path: string }[];
}

export interface BrickAnswer {
  volume: string;
  subvolume: number;
  host: string;
  path: string;
  isArbiter: boolean;
  isFresh: boolean;
  isUp: boolean | null;
  port: number | null;
  pendingHeals: number | null;
  sizeBytes: number | null;
  freeBytes: number | null;
}

interface Fill {
  index: number;
  sizeBytes: number | null;
  freeBytes: number | null;
  freePercent: number | null;
}

export interface VolumeAnswer {
  name: string;
  kind: string;
  status: string;
  shape: { subvolumes: number; bricks: number };
  space: { sizeBytes: number; freeBytes: number } | null;
  fullest: Fill | null;
  bricksUp: { up: number; down: number; unknown: number };
  isConsistent: boolean;
  mode: Policy['mode'];
  decision: Omit<Decision, 'candidates'> | null;
}

export interface VolumeInFull extends VolumeAnswer {
  decision: Decision | null;
  policy: Policy;
  isDefaultPolicy: boolean;
  subvolumes: (Fill & { bricks: BrickAnswer[] })[];
}

export interface ForecastAnswer {
  asOf: number;
  leadTimeMs: number | null;
  subvolumes: {
    index: number;
    freeBytes: number | null;
    historyMs: number | null;
    fullAt: { early: number; likely: number; late: number | null } | null;
    bytesPerDay: number | null;
    sentence: string;
  }[];
}

export interface PolicyAnswer {
  volume: string;
  policy: Policy;
  isDefault: boolean;
}

export interface ClusterAnswer {
  defaults: Policy;
  isFrozen: boolean;
  freezeReason: string | null;
  changedAt: number | null;
}

export interface PlanAnswer {
  id: string;
  volume: string;
  status: PlanStatus;
  hash: string;
  writtenAt: number;
  startedAt: number | null;
  endedAt: number | null;
  approvedBy: string | null;
  message: string | null;
  reasons: string[];
  before: Space;
  after: Space;
  progress: { total: number; done: number; ordered: number; failed: number };
}

export interface JournalAnswer {
  at: number;
  event: string;
  message: string;
}

export interface PlanInFull extends PlanAnswer {
  steps: { index: number; description: string; progress: StepProgress }[];
  candidates: Candidate[];
  journal: Page<JournalAnswer>;
}

export interface PreviewAnswer {
  decision: Decision;
  plan: Plan | null;
  timeToFull: { beforeMs: number | null; afterMs: number | null };
  descriptions: string[];
  proposed: PlanAnswer | null;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

/** What the API says when it says no. */
export interface ProblemAnswer {
  code: string;
  detail: string;
  reasons?: string[];
}

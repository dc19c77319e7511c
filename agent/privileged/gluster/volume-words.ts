// The words that Gluster has for a volume's type, status and rebalance, shared by the parsers of its text and its XML.
import type { RebalanceStatus } from '../../../shared/model/volume.ts';

export type VolumeStatus = 'created' | 'started' | 'stopped';

export const volumeStatuses: Readonly<Record<string, VolumeStatus>> = {
  Created: 'created',
  Started: 'started',
  Stopped: 'stopped',
};

/** As both versions print them. The counts decide a volume's shape; this word is for people and for plausibility. */
export const volumeTypes = {
  Distribute: 'Distribute',
  Replicate: 'Replicate',
  Disperse: 'Disperse',
  'Distributed-Replicate': 'Distributed-Replicate',
  'Distributed-Disperse': 'Distributed-Disperse',
} as const;

export type VolumeType = keyof typeof volumeTypes;

/** By the `statusStr` of `rebalance status`; the numbers beside them are the index (gf_defrag_status_t). */
export const rebalanceTexts: readonly (readonly [string, RebalanceStatus])[] = [
  ['not started', 'not-started'],
  ['in progress', 'started'],
  ['stopped', 'stopped'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['fix-layout in progress', 'fix-layout-started'],
  ['fix-layout stopped', 'fix-layout-stopped'],
  ['fix-layout completed', 'fix-layout-completed'],
  ['fix-layout failed', 'fix-layout-failed'],
];

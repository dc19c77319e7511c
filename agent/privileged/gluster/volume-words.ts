// The words that Gluster has for a volume's status, shared by the parsers of its text and its XML.

export type VolumeStatus = 'created' | 'started' | 'stopped';

export const volumeStatuses: Readonly<Record<string, VolumeStatus>> = {
  Created: 'created',
  Started: 'started',
  Stopped: 'stopped',
};

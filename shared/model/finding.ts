// Findings: what is wrong or worth knowing. The catalogue is finite: each code has one severity and one remedy, and
// an operator can search for it, mute it and alert on it.
import { type Static, Type } from 'typebox';
import { OneOf } from './schema.ts';

export const severities = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const findingCatalogue = {
  'server-silent': {
    severity: 'critical',
    remedy:
      'Check that the server is up and that mortar-agent runs there and reaches the bus: systemctl status mortar-agent.',
  },
  'section-failed': {
    severity: 'warning',
    remedy: 'Read the message; nothing that needs this part of the report is done until it is seen again.',
  },
  'slot-unmounted': {
    severity: 'critical',
    remedy:
      'Mount the disk, or take the slot out of /etc/mortar/agent.toml; nothing is placed there meanwhile.',
  },
  'slot-refused': {
    severity: 'warning',
    remedy: 'Correct the slot in /etc/mortar/agent.toml; nothing is placed there meanwhile.',
  },
  'brick-down': {
    severity: 'critical',
    remedy:
      'Look at the log of the brick under /var/log/glusterfs/bricks, mend its disk, then run: gluster volume start VOLUME force.',
  },
  'brick-unmounted': {
    severity: 'critical',
    remedy: 'Mount the disk of the brick; do not create the directory by hand on the root filesystem.',
  },
  'peer-disconnected': {
    severity: 'critical',
    remedy: 'Check glusterd on both servers and port 24007 between them.',
  },
  'volume-diverged': {
    severity: 'critical',
    remedy:
      'The servers hold different configurations of the volume; change nothing, and compare gluster volume info on each server.',
  },
  'volume-full': {
    severity: 'critical',
    remedy: 'Free space in the volume, or let it grow: mortar grow VOLUME --dry-run says what is possible.',
  },
  'volume-low-on-space': {
    severity: 'warning',
    remedy: 'The decision of the volume says what is being done about it: mortar volumes VOLUME.',
  },
  'no-room-to-grow': {
    severity: 'critical',
    remedy:
      'Add a server or a disk and offer it as a slot; the decision of the volume has a reason for every slot.',
  },
  'name-on-loopback': {
    severity: 'warning',
    remedy: 'Take the name off the 127.* line of /etc/hosts on that server and give it the storage address.',
  },
  'name-disagrees': {
    severity: 'warning',
    remedy: 'Give the name the same address on every server.',
  },
  'plan-failed': {
    severity: 'critical',
    remedy:
      'Read the journal of the plan: mortar plans PLAN. Mortar tries nothing for this volume until the cooldown is over.',
  },
  'changes-frozen': {
    severity: 'info',
    remedy: 'Nothing is ordered until somebody takes the freeze off: mortar thaw.',
  },
  'limit-reached': {
    severity: 'warning',
    remedy: 'Raise the limit of the volume’s policy if the volume may grow further.',
  },
  'messages-dropped': {
    severity: 'warning',
    remedy: 'The sender speaks another version or is not an agent; update it or take it off the bus.',
  },
} as const satisfies Record<string, { severity: Severity; remedy: string }>;

export type FindingCode = keyof typeof findingCatalogue;
export const findingCodes = Object.keys(findingCatalogue) as FindingCode[];

export const Finding = Type.Object({
  code: OneOf(findingCodes),
  severity: OneOf(severities),
  /** What it is about, as one word for searching: `gluster1`, `gluster1:/bricks/b1`, `vol1`. */
  subject: Type.String(),
  sentence: Type.String(),
  remedy: Type.String(),
});
export type Finding = Static<typeof Finding>;

// Where a lab lives on disk and what it writes down about itself. The record is written before anything of the lab is
// made and removed after everything of it is gone, so a killed run can always be cleared from what is on disk.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import type { ProcessIdentity } from './process-identity.ts';

export const distributions = ['bookworm', 'trixie'] as const;
export type Distribution = (typeof distributions)[number];

/** A directory of this machine shown inside a server at path `server`. */
export type Bind = { host: string; server: string; readOnly: boolean };

export type LabRecord = {
  name: string;
  distribution: Distribution;
  image: string;
  /** The lab's network is 10.77.<subnet>.0/24, its bridge mortar-lab<subnet>. */
  subnet: number;
  servers: number;
  disks: number;
  diskSizeBytes: number;
  binds: readonly Bind[];
  owner: ProcessIdentity;
};

/** Everything of every lab is under here. Not /tmp: that is often small, and often memory. */
export function labRoot(): string {
  return process.env.MORTAR_LAB_ROOT ?? '/var/tmp/mortar-lab';
}

export function labDirectory(name: string): string {
  return join(labRoot(), 'labs', name);
}

/** The lock that starting a lab and clearing leftovers hold: what is neither written down nor owned yet is safe from others. */
export function labsLock(): string {
  return join(labRoot(), 'labs.lock');
}

export function serverDirectory(lab: string, index: number): string {
  return join(labDirectory(lab), serverName(index));
}

export function serverName(index: number): string {
  return `gluster${index}`;
}

/** 1 to `count`: servers and disks are counted from 1, as in their names. */
export function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The names of all labs that have a directory, whether they live or not. */
export function listLabs(): string[] {
  mkdirSync(join(labRoot(), 'labs'), { recursive: true });
  return readdirSync(join(labRoot(), 'labs')).sort();
}

/** The record of a lab, or null when there is no lab of that name, or one that was killed before it wrote its record. */
export function readRecord(name: string): LabRecord | null {
  try {
    return JSON.parse(readFileSync(join(labDirectory(name), 'lab.json'), 'utf8')) as LabRecord;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new MortarError(
      'bad-input',
      `${labDirectory(name)}/lab.json cannot be read; remove that directory`,
      {
        cause,
      },
    );
  }
}

/** Writes the record; a reader sees the old one or the new one, never half of one. */
export function writeRecord(record: LabRecord): void {
  const directory = labDirectory(record.name);
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  writeFileSync(join(directory, 'lab.json.new'), `${JSON.stringify(record, null, 2)}\n`);
  renameSync(join(directory, 'lab.json.new'), join(directory, 'lab.json'));
}

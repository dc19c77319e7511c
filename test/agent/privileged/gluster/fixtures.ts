// Output captured from real servers: Debian 12 (GlusterFS 10.3) and 13 (11.1). `commands.tsv` in each folder says
// which command printed a file, on which server and with which exit code.
import { readdirSync, readFileSync } from 'node:fs';

export const versions = ['10.3', '11.1'] as const;
export type Version = (typeof versions)[number];

const folder = (version: Version) => new URL(`../../../fixtures/gluster/${version}/`, import.meta.url);

/** The text of one captured file. */
export function readFixture(version: Version, name: string): string {
  return readFileSync(new URL(name, folder(version)), 'utf8');
}

/** The names of all captured files that match `pattern`, sorted. */
export function fixtureNames(version: Version, pattern: RegExp): string[] {
  return readdirSync(folder(version))
    .filter((name) => pattern.test(name))
    .sort();
}

/** The stderr and exit code that `commands.tsv` has for a command whose stdout would be `name`. */
export function recordedCommand(version: Version, name: string): { exit: string; stderr: string } {
  const row = readFixture(version, 'commands.tsv')
    .split('\n')
    .map((line) => line.split('\t'))
    .find(([file]) => file === name);
  if (!row) throw new Error(`no ${name} in commands.tsv of ${version}`);
  return { exit: row[2] ?? '', stderr: row[4] ?? '' };
}

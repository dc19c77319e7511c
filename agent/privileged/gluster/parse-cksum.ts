// The two small files of a volume in glusterd's store that tell its generation: `cksum` and `info`. Servers that differ
// in (volume id, version, cksum) have diverged. `info` also holds the volume's password, which is never returned.
import { badOutput, parseCount, parseUuid, requireSize } from './strict-text.ts';

/** The 32-bit checksum in `vols/V/cksum` ("info=865628872"). Throws `bad-output`. */
export function parseCksum(text: string): number {
  const cksum = needLine(text, 'info', 'cksum', parseCount);
  if (cksum > 0xffff_ffff) throw badOutput(`cksum is ${cksum}, more than 32 bits`);
  return cksum;
}

/** The configuration generation and the volume's id in `vols/V/info`. Throws `bad-output`. */
export function parseVolumeStore(text: string): { version: number; volumeId: string } {
  return {
    version: needLine(text, 'version', 'info', parseCount),
    volumeId: needLine(text, 'volume-id', 'info', parseUuid),
  };
}

/** Errors never quote a line: the store has secrets. Only whole lines count, so that a cut number is not believed. */
function needLine<T>(text: string, key: string, file: string, parse: (text: string, where: string) => T): T {
  requireSize(text, `glusterd's ${file} file`);
  const values = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith(`${key}=`));
  if (values.length !== 1)
    throw badOutput(`glusterd's ${file} file has ${values.length} lines for ${key}, expected one`);
  return parse((values[0] as string).slice(key.length + 1), `${key} in glusterd's ${file} file`);
}

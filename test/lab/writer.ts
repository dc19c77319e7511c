// A program that runs on a lab server: writes files of random bytes into a directory and records the SHA-256 of each,
// or reads them all back. Usage: writer.ts write DIR MANIFEST BYTES BYTES_PER_SECOND | writer.ts verify DIR MANIFEST
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

interface Entry {
  file: string;
  sha256: string;
  bytes: number;
}

const [mode, directory, manifest, ...rest] = process.argv.slice(2);
if (directory === undefined || manifest === undefined)
  throw new Error('usage: writer.ts write|verify DIR MANIFEST …');

const result =
  mode === 'write'
    ? await write(directory, manifest, Number(rest[0]), Number(rest[1]))
    : verify(directory, manifest);
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Writes `totalBytes` in files of 256 KiB to 2 MiB over 16 directories; an error ends it and is in the answer. */
async function write(into: string, list: string, totalBytes: number, bytesPerSecond: number) {
  const known = existsSync(list) ? readManifest(list).length : 0;
  const beganAt = Date.now();
  let written = 0;
  for (let number = known; written < totalBytes; number += 1) {
    const data = randomBytes(256 * 1024 + Math.floor(Math.random() * 1792 * 1024));
    const file = join(`d${number % 16}`, `f${number}`);
    try {
      mkdirSync(dirname(join(into, file)), { recursive: true });
      const descriptor = openSync(join(into, file), 'wx');
      for (let at = 0; at < data.length; at += writeSync(descriptor, data, at));
      fsyncSync(descriptor);
      closeSync(descriptor);
    } catch (error) {
      return { written, error: (error as NodeJS.ErrnoException).code ?? String(error), file };
    }
    written += data.length;
    const entry: Entry = {
      file,
      bytes: data.length,
      sha256: createHash('sha256').update(data).digest('hex'),
    };
    appendFileSync(list, `${JSON.stringify(entry)}\n`);
    const dueMs = (written / bytesPerSecond) * 1000 - (Date.now() - beganAt);
    if (dueMs > 0) await sleep(dueMs);
  }
  return { written, error: null };
}

/** Reads every file of the manifest back; names those that are wrong or cannot be read (the first 20). */
function verify(from: string, list: string) {
  const entries = readManifest(list);
  const wrong = entries.flatMap((entry) => {
    try {
      const data = readFileSync(join(from, entry.file));
      const isRight = createHash('sha256').update(data).digest('hex') === entry.sha256;
      return isRight ? [] : [`${entry.file}: other content (${data.length} bytes of ${entry.bytes})`];
    } catch (error) {
      return [`${entry.file}: ${String(error)}`];
    }
  });
  return { files: entries.length, wrong: wrong.length, examples: wrong.slice(0, 20) };
}

function readManifest(list: string): Entry[] {
  return readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

// npm run demo: three real servers on this machine, a replica-3 volume that fills, and the growth as it happens.
// Leaves the coordinator answering on 127.0.0.1:7480 until Ctrl-C, then takes everything down again.
import { setTimeout as sleep } from 'node:timers/promises';
import { formatBytes } from '../../shared/lib/bytes.ts';
import { describeError } from '../../shared/lib/errors.ts';
import { defaultPolicy, type Policy } from '../../shared/model/policy.ts';
import { type MortarLab, startMortarLab } from '../../test/lab/mortar.ts';
import { missingForLab } from '../../test/lab/requirements.ts';
import { makeVolume, spaceOf } from '../../test/lab/volume.ts';
import { followPlan } from './follow-plan.ts';

const mebibyte = 1024 ** 2;
const volume = 'films';
const writerProgram = '/usr/lib/mortar/bin/node /usr/lib/mortar/test/writer.ts';

const policy: Policy = {
  ...defaultPolicy,
  mode: 'auto',
  level: { ...defaultPolicy.level, freePercent: 40 },
  // The demo fills disks within seconds, from which no forecast follows.
  forecast: null,
  target: { freePercent: 60 },
  holdSeconds: 0,
  cooldownSeconds: 60,
  limits: { maxBricks: 12, maxSizeBytes: null, maxGrowthsPerDay: 100 },
};

const beganAt = performance.now();
const say = (line: string): void => {
  process.stdout.write(`${((performance.now() - beganAt) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
};

const missing = missingForLab();
if (missing !== null) {
  process.stderr.write(`The demo boots real servers, and cannot here: ${missing}\n`);
  process.exit(1);
}

let mortar: MortarLab | null = null;
let isEnding = false;
// `on`, not `once`: as long as there is a handler, the lab leaves the ending to it.
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());

try {
  mortar = await prepare();
  await fillAndGrow(mortar);
  say(`The coordinator answers on ${mortar.url} until Ctrl-C. Try:`);
  for (const command of ['status', `volumes ${volume}`, 'plans', `grow ${volume} --dry-run`]) {
    say(`  npm run -s mortar -- ${command}`);
  }
  await new Promise(() => {});
} catch (error) {
  process.stderr.write(`The demo failed: ${describeError(error)}\n`);
  process.exitCode = 1;
  await end();
}

async function prepare(): Promise<MortarLab> {
  say('Booting gluster1, gluster2 and gluster3: three Debian servers with two 1 GiB disks each.');
  const started = await startMortarLab({
    name: 'demo',
    servers: 3,
    httpPort: 7480,
    diskSizeBytes: 1024 * mebibyte,
    say,
  });
  say('The pool is formed; a coordinator runs here, an agent on each server.');
  const { mountPoint } = await makeVolume(started.lab.servers, {
    name: volume,
    shape: 'replica 3',
    slot: '/bricks/b1',
  });
  await started.until(
    'the volume to be known',
    async () => (await fetch(`${started.url}/v1/volumes/${volume}`)).ok,
  );
  await started.send('PUT', `/v1/volumes/${volume}/policy`, policy);
  say(
    `${volume}: replica 3 on the first disks, mounted on gluster1:${mountPoint}. Policy: grow below ${policy.level.freePercent} % free.`,
  );
  return started;
}

/** A writer fills the mount and records a checksum of each file; the plan is shown step by step as it is carried out. */
async function fillAndGrow(started: MortarLab): Promise<void> {
  const server = started.lab.server(1);
  const mountPoint = `/mnt/${volume}`;
  const before = await spaceOf(server, mountPoint);
  say(
    `df: ${formatBytes(before.sizeBytes)}, ${formatBytes(before.freeBytes)} free. A writer begins to fill it.`,
  );
  const writing = server.sh(
    `${writerProgram} write ${mountPoint} /root/${volume}.jsonl ${1000 * mebibyte} ${16 * mebibyte}`,
  );
  const watching = watchSpace(started, mountPoint, writing);
  await followPlan(started, volume, say);
  const { error, written } = JSON.parse(await writing);
  await watching;
  say(
    `The writer wrote ${formatBytes(written)}${error === null ? ' and never saw "no space left"' : `, then: ${error}`}.`,
  );
  const after = await spaceOf(server, mountPoint);
  say(`df: ${formatBytes(after.sizeBytes)}, ${formatBytes(after.freeBytes)} free.`);
  const { files, wrong } = JSON.parse(
    await server.sh(`${writerProgram} verify ${mountPoint} /root/${volume}.jsonl`),
  );
  say(`${files} files read back, ${wrong} with a wrong checksum.`);
}

async function watchSpace(started: MortarLab, mountPoint: string, until: Promise<unknown>): Promise<void> {
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const { sizeBytes, freeBytes } = await spaceOf(started.lab.server(1), mountPoint);
    say(
      `  ${formatBytes(freeBytes)} of ${formatBytes(sizeBytes)} free (${Math.round((100 * freeBytes) / sizeBytes)} %)`,
    );
    await Promise.race([sleep(3_000), until]);
  }
}

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  say('Taking everything down.');
  await mortar?.stop();
  process.exit();
}

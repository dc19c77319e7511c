// How much longer Mortar takes than hands: from the beat that crosses the level to the new space in `df` on the mount,
// beside the same gluster commands typed one after the other. Both in one lab, in turn, hold set to 0.
import type { ServerName } from '../../shared/model/names.ts';
import { defaultPolicy, type Policy } from '../../shared/model/policy.ts';
import { decodeMessage } from '../../shared/protocol/messages.ts';
import { subjects } from '../../shared/protocol/subjects.ts';
import type { Bus } from '../../shared/runtime/bus.ts';
import { connectNatsBus } from '../../shared/runtime/nats-bus.ts';
import { type MortarLab, startMortarLab } from '../lab/mortar.ts';
import type { Server } from '../lab/server.ts';
import { makeVolume, spaceOf } from '../lab/volume.ts';
import type { Bench, BenchRow } from './bench.ts';
import { spreadOf } from './bench.ts';

const runs = 5;
const mebibyte = 1024 ** 2;
const mostMoreMs = 1500;

const policy: Policy = {
  ...defaultPolicy,
  mode: 'auto',
  level: { ...defaultPolicy.level, freePercent: 40 },
  // The bench fills disks within seconds, from which no forecast follows.
  forecast: null,
  target: { freePercent: 50 },
  holdSeconds: 0,
  cooldownSeconds: 0,
  limits: { maxBricks: 6, maxSizeBytes: null, maxGrowthsPerDay: 100 },
};

export const growth: Bench = {
  name: 'growth',
  question:
    'How much longer than hands does Mortar take from the beat that crosses the level to the new space in df?',
  async run(say) {
    const mortar = await startMortarLab({ name: 'bench-growth', diskSizeBytes: 640 * mebibyte, say });
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const bus = await connectNatsBus({ servers: [mortar.natsUrl], name: 'bench', log: silent });
    try {
      const byMortar: number[] = [];
      const byHand: number[] = [];
      for (let run = 1; run <= runs; run += 1) {
        byHand.push(await growByHand(mortar, `hand${run}`));
        byMortar.push(await growByMortar(mortar, bus, `mortar${run}`));
        say(`  run ${run}: by hand ${byHand.at(-1)} ms, by Mortar ${byMortar.at(-1)} ms`);
      }
      return [rowOf(byMortar, byHand)];
    } finally {
      await bus.close();
      await mortar.stop();
    }
  },
};

function rowOf(byMortar: number[], byHand: number[]): BenchRow {
  const samples = { unit: 'ms', values: byMortar };
  const besides = { what: 'the same commands by hand', samples: { unit: 'ms', values: byHand } };
  const moreMs = spreadOf(samples).median - spreadOf(besides.samples).median;
  return {
    what: 'from the crossing beat to df',
    samples,
    besides,
    goal: {
      sentence: `at most ${mostMoreMs} ms more than by hand (${Math.round(moreMs)} ms at the median)`,
      isMet: moreMs <= mostMoreMs,
    },
  };
}

async function growByHand(mortar: MortarLab, name: string): Promise<number> {
  const [first] = mortar.lab.servers as [Server];
  const { mountPoint } = await makeVolume(mortar.lab.servers, {
    name,
    shape: 'replica 3',
    slot: '/bricks/b1',
  });
  const seenAt = timeOfNewSpace(first, mountPoint);
  await seenAt.isWatching;
  const beganAt = Date.now();
  const bricks = mortar.lab.servers.map((server) => `${server.name}:/bricks/b2/${name}-2`);
  for (const server of mortar.lab.servers) await server.sh(`mkdir /bricks/b2/${name}-2`);
  await first.sh(`gluster --mode=script volume add-brick ${name} ${bricks.join(' ')}`);
  const tookMs = (await seenAt.time) - beganAt;
  await removeVolume(mortar, name, mountPoint);
  return tookMs;
}

async function growByMortar(mortar: MortarLab, bus: Bus, name: string): Promise<number> {
  const [first] = mortar.lab.servers as [Server];
  const { mountPoint } = await makeVolume(mortar.lab.servers, {
    name,
    shape: 'replica 3',
    slot: '/bricks/b1',
  });
  await mortar.until(
    'the volume to be known',
    async () => (await fetch(`${mortar.url}/v1/volumes/${name}`)).ok,
  );
  await mortar.send('PUT', `/v1/volumes/${name}/policy`, policy);
  const seenAt = timeOfNewSpace(first, mountPoint);
  await seenAt.isWatching;
  const crossedAt = await timeOfCrossing(bus, first, '/bricks/b1');
  await first.fillFilesystem('/bricks/b1', 200 * mebibyte);
  const tookMs = (await seenAt.time) - (await crossedAt.time);
  await mortar.until('the plan to end', async () => {
    const { items } = await mortar.get(`/v1/plans?volume=${name}`);
    return items.some((plan: { status: string }) => plan.status === 'done');
  });
  await first.freeFilesystem('/bricks/b1');
  await removeVolume(mortar, name, mountPoint);
  return tookMs;
}

/** When the size that `stat -f` gives for a mount changes, ms since 1970 by the clock that all servers here share. */
function timeOfNewSpace(
  server: Server,
  mountPoint: string,
): { isWatching: Promise<void>; time: Promise<number> } {
  const time = server
    .sh(
      `before=$(stat -f -c %b ${mountPoint}); touch /run/watching
       while [ "$(stat -f -c %b ${mountPoint})" = "$before" ]; do sleep 0.02; done
       rm -f /run/watching; date +%s%3N`,
    )
    .then(Number);
  const isWatching = server.sh('while [ ! -e /run/watching ]; do sleep 0.02; done').then(() => undefined);
  return { isWatching, time };
}

/** When the first beat came in which the filesystem is below the policy's level. */
async function timeOfCrossing(
  bus: Bus,
  server: Server,
  mountPoint: string,
): Promise<{ time: Promise<number> }> {
  const { sizeBytes } = await spaceOf(server, mountPoint);
  const levelBytes = (policy.level.freePercent / 100) * sizeBytes;
  const time = new Promise<number>((resolve) => {
    const end = bus.subscribe(subjects.beat(server.name as ServerName), ({ data }) => {
      const beat = decodeMessage('beat', data);
      const filesystem = beat.ok && beat.body.filesystems.find((one) => one.mountPoint === mountPoint);
      if (!filesystem || filesystem.freeBytes >= levelBytes) return;
      end();
      resolve(Date.now());
    });
  });
  return { time };
}

async function removeVolume(mortar: MortarLab, name: string, mountPoint: string): Promise<void> {
  const [first] = mortar.lab.servers as [Server];
  await first.sh(`umount ${mountPoint}`);
  await first.sh(`gluster --mode=script volume stop ${name} && gluster --mode=script volume delete ${name}`);
  for (const server of mortar.lab.servers) await server.sh(`rm -rf /bricks/b?/${name}-*`);
}

// The whole path on real servers: a writer fills a volume through a FUSE mount, the volume grows by itself, the writer
// never sees ENOSPC, and everything that was written reads back right afterwards.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicy, type Policy } from '../../shared/model/policy.ts';
import { describeLab } from './describe-lab.ts';
import { distributions } from './lab-record.ts';
import { type MortarLab, startMortarLab } from './mortar.ts';
import { makeVolume, type Shape, spaceOf } from './volume.ts';

const mebibyte = 1024 ** 2;

/** Small disks so that filling them takes seconds; mkfs.xfs wants 300 MB at the least. */
const diskSizeBytes = 640 * mebibyte;

/** Slow enough that the disk is not full before `rebalance fix-layout start`, which sleeps 10 s, has taken effect. */
const slowBytesPerSecond = 8 * mebibyte;

const policy: Policy = {
  ...defaultPolicy,
  mode: 'auto',
  level: { ...defaultPolicy.level, freePercent: 50 },
  // Tests fill disks within seconds, from which no forecast follows.
  forecast: null,
  target: { freePercent: 60 },
  holdSeconds: 0,
  cooldownSeconds: 0,
  limits: { maxBricks: 6, maxSizeBytes: null, maxGrowthsPerDay: 100 },
};

/** Growth takes the emptiest slots, the first by name among equals, so the volumes begin at the far end. */
const cases: Record<
  (typeof distributions)[number],
  { shape: Shape; slot: string; fastBytes: number; totalBytes: number }[]
> = {
  bookworm: [
    { shape: 'replica 3', slot: '/bricks/b6', fastBytes: 280 * mebibyte, totalBytes: 720 * mebibyte },
    { shape: 'disperse 2+1', slot: '/bricks/b5', fastBytes: 560 * mebibyte, totalBytes: 1440 * mebibyte },
    { shape: 'distribute', slot: '/bricks/b4', fastBytes: 280 * mebibyte, totalBytes: 720 * mebibyte },
  ],
  trixie: [{ shape: 'replica 3', slot: '/bricks/b1', fastBytes: 280 * mebibyte, totalBytes: 720 * mebibyte }],
};

const nameOf = (shape: Shape): string => shape.replaceAll(/[^a-z0-9]+/g, '-');

for (const distribution of distributions) {
  describeLab(`growth on ${distribution}`, () => {
    let mortar: MortarLab;

    beforeAll(async () => {
      const slots = distribution === 'bookworm' ? [1, 2, 3, 4, 5, 6] : [1, 2];
      mortar = await startMortarLab({
        name: `growth-${distribution}`,
        distribution,
        servers: 3,
        diskSizeBytes,
        slots: slots.map((number) => `/bricks/b${number}`),
      });
    });
    afterAll(() => mortar?.stop());

    test.each(cases[distribution])(
      'a $shape volume grows before its writer runs out of space',
      async (thisCase) => {
        const name = nameOf(thisCase.shape);
        const writer = mortar.lab.server(1);
        const { mountPoint } = await makeVolume(mortar.lab.servers, { name, ...thisCase });
        await mortar.until(
          'the volume to be known',
          async () => (await fetch(`${mortar.url}/v1/volumes/${name}`)).ok,
        );
        expect(await mortar.send('PUT', `/v1/volumes/${name}/policy`, policy)).toMatchObject({ status: 200 });
        const before = await spaceOf(writer, mountPoint);

        const write = async (bytes: number, bytesPerSecond: number) => {
          const program = '/usr/lib/mortar/bin/node /usr/lib/mortar/test/writer.ts';
          const answer = await writer.sh(
            `${program} write ${mountPoint} /root/${name}.jsonl ${bytes} ${bytesPerSecond}`,
          );
          return JSON.parse(answer);
        };
        const slowBytes = 20 * slowBytesPerSecond;
        expect(await write(thisCase.fastBytes, 1e9)).toMatchObject({ error: null });
        expect(await write(slowBytes, slowBytesPerSecond)).toMatchObject({ error: null });
        const grown = await mortar.until('the growth to end', async () => {
          const { items } = await mortar.get(`/v1/plans?volume=${name}`);
          return (
            items.find((plan: { status: string }) => plan.status === 'done' || plan.status === 'failed') ??
            null
          );
        });
        expect(grown).toMatchObject({ status: 'done' });
        expect(await write(thisCase.totalBytes - thisCase.fastBytes - slowBytes, 1e9)).toMatchObject({
          error: null,
        });

        const after = await spaceOf(writer, mountPoint);
        expect(after.sizeBytes).toBeGreaterThan(1.5 * before.sizeBytes);
        expect(thisCase.totalBytes).toBeGreaterThan(before.sizeBytes);
        await writer.sh(`umount ${mountPoint}; mount -t glusterfs ${writer.name}:/${name} ${mountPoint}`);
        const verified = await writer.sh(
          `/usr/lib/mortar/bin/node /usr/lib/mortar/test/writer.ts verify ${mountPoint} /root/${name}.jsonl`,
        );
        expect(JSON.parse(verified)).toMatchObject({ wrong: 0 });

        const { journal } = await mortar.get(`/v1/plans/${grown.id}`);
        const events = journal.items.map((entry: { event: string }) => entry.event);
        expect(events).toEqual(
          expect.arrayContaining([
            'plan-written',
            'approved',
            'order-sent',
            'outcome',
            'step-done',
            'plan-ended',
          ]),
        );
        await writer.sh(`umount ${mountPoint}`);
      },
    );

    test('with nothing left to grow into there is no plan, and a reason for every slot', async () => {
      const { shape, slot } = cases[distribution][0] as (typeof cases)['trixie'][0];
      const name = nameOf(shape);
      const slots = mortar.lab.servers.flatMap((server) =>
        mortar.slots.map((path) => [server, path] as const),
      );
      for (const [server, path] of slots) {
        if (path !== slot) await server.fillFilesystem(path, 20 * mebibyte);
      }
      const limits = { ...policy.limits, maxBricks: 30 };
      await mortar.send('PUT', `/v1/volumes/${name}/policy`, { ...policy, limits });
      await mortar.lab.server(1).fillFilesystem(slot, 40 * mebibyte);

      const volume = await mortar.until('the decision', async () => {
        const answer = await mortar.get(`/v1/volumes/${name}`);
        return answer.decision.kind === 'no-room' && answer;
      });
      const everySlot = slots.map(([server, path]) => `${server.name}:${path}`).sort();
      expect(refusedSlots(volume.decision.candidates)).toEqual(everySlot);
      const preview = await mortar.send('POST', `/v1/volumes/${name}/plans`, { goal: 'grow' });
      expect(preview.body.plan).toBeNull();
      expect(refusedSlots(preview.body.decision.candidates)).toEqual(everySlot);

      const command = ['coordinator/cli/main.ts', 'grow', name, '--dry-run', '--url', mortar.url];
      const { status, stdout } = spawnSync(process.execPath, command, { encoding: 'utf8' });
      expect(status).toBe(2);
      for (const [server, path] of slots) {
        expect(stdout).toMatch(new RegExp(`${server.name} +${path} .*refused +\\S`));
      }
    });
  });
}

/** The slots that are refused with a sentence, as SERVER:PATH. */
function refusedSlots(
  candidates: { server: string; slot: string; verdict: string; reason: string }[],
): string[] {
  return candidates
    .filter(({ verdict, reason }) => verdict === 'refused' && reason.includes(' '))
    .map((candidate) => `${candidate.server}:${candidate.slot}`)
    .sort();
}

// A growth that is disturbed on real servers is finished by the same plan, without hands.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicy, type Policy } from '../../shared/model/policy.ts';
import { describeLab } from './describe-lab.ts';
import { type MortarLab, startMortarLab } from './mortar.ts';
import { makeVolume, spaceOf } from './volume.ts';

const mebibyte = 1024 ** 2;

const policy: Policy = {
  ...defaultPolicy,
  mode: 'auto',
  level: { ...defaultPolicy.level, freePercent: 50 },
  forecast: null,
  target: { freePercent: 60 },
  holdSeconds: 0,
  limits: { maxBricks: 6, maxSizeBytes: null, maxGrowthsPerDay: 1 },
};

describeLab('a growth', () => {
  let mortar: MortarLab;
  beforeAll(async () => {
    mortar = await startMortarLab({ name: 'recovery', servers: 3, diskSizeBytes: 640 * mebibyte });
  });
  afterAll(() => mortar?.stop());

  test('is finished by its plan when a glusterd and the coordinator are killed in the middle of it', async () => {
    const [first, , third] = mortar.lab.servers;
    if (first === undefined || third === undefined) throw new Error('the lab has three servers');
    const { mountPoint } = await makeVolume(mortar.lab.servers, {
      name: 'vol1',
      shape: 'replica 3',
      slot: '/bricks/b1',
    });
    await mortar.until(
      'the volume to be known',
      async () => (await fetch(`${mortar.url}/v1/volumes/vol1`)).ok,
    );
    await mortar.send('PUT', '/v1/volumes/vol1/policy', policy);
    const before = await spaceOf(first, mountPoint);

    // The third directory is the last; what follows is add-brick, which Gluster refuses half-way, or is held by a gate.
    const killed = third.sh(
      'until [ -e /bricks/b2/vol1-2 ]; do :; done; sleep 0.06; kill -9 "$(pidof glusterd)"',
    );
    await first.fillFilesystem('/bricks/b1', 200 * mebibyte);
    await killed;
    await mortar.stopCoordinator('SIGKILL');
    await mortar.startCoordinator();
    await third.sh('systemctl start glusterd');

    const plan = await mortar.until(
      'the plan to end',
      async () => {
        const { items } = await mortar.get('/v1/plans?volume=vol1');
        return (
          items.find(({ status }: { status: string }) => status === 'done' || status === 'failed') ?? null
        );
      },
      200_000,
    );
    expect(plan).toMatchObject({ status: 'done', message: null });
    expect((await mortar.get('/v1/plans?volume=vol1')).items).toHaveLength(1);
    expect((await spaceOf(first, mountPoint)).sizeBytes).toBeGreaterThan(1.5 * before.sizeBytes);
    expect(await mortar.get('/v1/volumes/vol1')).toMatchObject({ isConsistent: true });
  });
});

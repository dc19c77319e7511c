// Orders for tests: a valid one, of which a test changes what it is about.
import type {
  AbsolutePath,
  PlanId,
  ServerName,
  VolumeId,
  VolumeName,
} from '../../../../shared/model/names.ts';
import type { Order } from '../../../../shared/model/order.ts';

export const self = 'gluster1' as ServerName;

/** An order to make a brick directory on `self`, with `fields` in place of its own. */
export function makeOrder(fields: Partial<Order> = {}): Order {
  return {
    id: '1.grow-vol1-20261121T000000Z.0.1',
    epoch: 1,
    plan: 'grow-vol1-20261121T000000Z' as PlanId,
    stepIndex: 0,
    server: self,
    issuedAt: 1_700_000_000_000,
    deadline: 4_000_000_000_000,
    step: {
      kind: 'make-brick-directory',
      server: self,
      mountPoint: '/bricks/b1' as AbsolutePath,
      path: '/bricks/b1/vol1' as AbsolutePath,
    },
    ...fields,
  };
}

/** A step to add `bricks` (`host:path`) to the volume of the fixtures called `dist`. */
export function addBrickStep(
  volume: { name: string; id: string; brickCountBefore: number },
  bricks: readonly string[],
) {
  return {
    kind: 'add-brick' as const,
    server: self,
    volume: volume.name as VolumeName,
    volumeId: volume.id as VolumeId,
    brickCountBefore: volume.brickCountBefore,
    bricks: bricks.map((brick) => {
      const [host = '', path = ''] = brick.split(':');
      return { host: host as ServerName, path: path as AbsolutePath };
    }),
  };
}

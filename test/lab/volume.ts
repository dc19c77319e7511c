// Volumes made by hand on a lab, as an operator would before Mortar came, and what a client sees of them.

import { mustHaveSucceeded } from './run-command.ts';
import type { Server } from './server.ts';

export const shapes = {
  'replica 3': { args: ['replica', '3'], bricks: 3 },
  'disperse 2+1': { args: ['disperse', '3', 'redundancy', '1'], bricks: 3 },
  arbiter: { args: ['replica', '3', 'arbiter', '1'], bricks: 3 },
  distribute: { args: [], bricks: 1 },
} as const;
export type Shape = keyof typeof shapes;

/** Creates and starts a volume with one brick on `slot` of each of the first servers, and mounts it on the first. */
export async function makeVolume(
  servers: readonly Server[],
  { name, shape, slot }: { name: string; shape: Shape; slot: string },
): Promise<{ mountPoint: string }> {
  const first = servers[0] as Server;
  const bricks = servers.slice(0, shapes[shape].bricks).map((server) => `${server.name}:${slot}/${name}-1`);
  const mountPoint = `/mnt/${name}`;
  await first.sh(
    `gluster --mode=script volume create ${name} ${[...shapes[shape].args, ...bricks].join(' ')}`,
  );
  await first.sh(`gluster --mode=script volume start ${name}`);
  await first.sh(`mkdir -p ${mountPoint}; mount -t glusterfs ${first.name}:/${name} ${mountPoint}`);
  return { mountPoint };
}

/** What `df` says of a mount point on a server, in bytes. */
export async function spaceOf(
  server: Server,
  mountPoint: string,
): Promise<{ sizeBytes: number; freeBytes: number }> {
  const text = mustHaveSucceeded(
    ['df', mountPoint],
    await server.run(['stat', '-f', '-c', '%S %b %a', mountPoint]),
  );
  const [block = 0, total = 0, free = 0] = text.trim().split(' ').map(Number);
  return { sizeBytes: block * total, freeBytes: block * free };
}

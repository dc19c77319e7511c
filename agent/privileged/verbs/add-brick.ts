// Adds whole subvolumes to a volume. Gluster does not check all that it should (it took two bricks for a replica of
// three), so shape, identity and count are checked here first, and nothing is ever forced.
import type { StepOf } from '../../../shared/model/step.ts';
import type { VolumeInfo } from '../gluster/parse-volume-info.ts';
import type { Applied, Verb } from './verb.ts';
import { volumeOfStep } from './volume-of-step.ts';

type AddBrick = StepOf<'add-brick'>;

export const addBrick: Verb<'add-brick'> = {
  async isDone(step, edges) {
    const volume = await edges.gluster.readVolume(step.volume);
    if (volume?.id !== step.volumeId) return false;
    const added = volume.bricks.slice(step.brickCountBefore, step.brickCountBefore + step.bricks.length);
    return added.length === step.bricks.length && added.map(nameOf).join() === step.bricks.map(nameOf).join();
  },

  async apply(step, edges): Promise<Applied> {
    const found = await volumeOfStep(step, edges);
    if (!found.ok) return { kind: 'refused', message: found.sentence };
    const sentence = whyNotAdd(step, found.volume);
    if (sentence) return { kind: 'refused', message: sentence };
    const bricks = step.bricks.map(({ host, path }) => `${host}:${path}`);
    const answer = await edges.gluster.change(['volume', 'add-brick', step.volume, ...bricks]);
    if (answer.kind !== 'accepted') return { kind: answer.kind, message: answer.message };
    return { kind: 'applied', message: `added ${bricks.length} bricks to ${step.volume}` };
  },
};

/** Why `step` must not be tried on `volume` as it is now, or null. */
function whyNotAdd(step: AddBrick, volume: VolumeInfo): string | null {
  const present = new Set(volume.bricks.map(nameOf));
  const there = step.bricks.map(nameOf).filter((name) => present.has(name));
  if (there.length > 0) {
    return `${there.length} of the ${step.bricks.length} bricks are in ${volume.name} already, but not where this step puts them: ${there.slice(0, 5).join(', ')}`;
  }
  if (volume.bricks.length !== step.brickCountBefore) {
    return `${volume.name} has ${volume.bricks.length} bricks now, and the step was written for ${step.brickCountBefore}`;
  }
  const size = volume.disperseCount > 0 ? volume.disperseCount : volume.replicaCount;
  if (step.bricks.length % size !== 0) {
    return `${step.bricks.length} bricks are not whole subvolumes of ${size}`;
  }
  for (let first = 0; first < step.bricks.length; first += size) {
    const hosts = step.bricks.slice(first, first + size).map(({ host }) => host);
    if (new Set(hosts).size < size)
      return `a subvolume of ${hosts.join(', ')} would have two bricks on one server`;
  }
  const names = step.bricks.map(nameOf);
  return new Set(names).size < names.length ? 'the step names a brick twice' : null;
}

/** As both sides compare it: host names are lower case in Mortar, and as somebody typed them in Gluster. */
function nameOf({ host, path }: { host: string; path: string }): string {
  return `${host.toLowerCase()}:${path}`;
}

// The cheap way first: where the device under a brick has grown (a larger virtual disk, an extended logical volume), its
// filesystem is grown before new bricks are asked for. It costs no slot, moves no file and needs no layout.
//
// A device is always a little larger than what statfs says of its filesystem: XFS leaves out its log, ext4 its inode
// tables and journal. That much is taken off before a device counts as grown. Where a guess was wrong all the same, the
// step finds nothing to do, and is not planned again for the same size of the device.
import { formatBytes } from '../../../shared/lib/bytes.ts';
import type { Filesystem } from '../../../shared/model/filesystem.ts';
import type { AbsolutePath } from '../../../shared/model/names.ts';
import type { Plan, Space } from '../../../shared/model/plan.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { growableTypes, type StepOf } from '../../../shared/model/step.ts';
import { dataBricksPerSubvolume } from '../../../shared/model/volume.ts';
import { bricksOf, type Cluster, type ClusterBrick, type ClusterVolume } from '../cluster.ts';
import { copysetsOf, scatterWidthOf } from '../placement/copysets.ts';
import { writeSteps } from '../planning/write-plan.ts';
import type { State } from '../state.ts';
import { plansFor, startsWithinDay } from './past-growths.ts';

type GrowFilesystem = StepOf<'grow-filesystem'>;

/** A device counts as grown when it has this much more than its filesystem can explain. */
const leastGainBytes = 64 * 1024 ** 2;
const leastGainShare = 0.01;

/** The plan that grows the filesystems of `volume` whose devices have grown; null when there are none, or a limit forbids it. */
export function growInPlace(
  state: State,
  cluster: Cluster,
  growth: { volume: ClusterVolume; policy: Policy; before: Space; trigger: string },
): Plan | null {
  const { volume, policy, before, trigger } = growth;
  const steps = bricksOf(volume).flatMap((member) => stepFor(volume, member) ?? []);
  const wanted = steps.filter((step) => !wasTried(state, volume, step));
  if (wanted.length === 0 || isLimited(state, volume, policy, cluster.now)) return null;
  const after = spaceAfter(volume, before, wanted);
  const { maxSizeBytes } = policy.limits;
  if (maxSizeBytes !== null && after.sizeBytes > maxSizeBytes) return null;
  const sets = copysetsOf(cluster);
  const width = scatterWidthOf(sets);
  const reasons = wanted.map(
    (step) =>
      `the device of ${step.server}:${step.mountPoint} has ${formatBytes(step.deviceBytes)} and its filesystem only ${formatBytes(step.sizeBytesBefore)}`,
  );
  const draft = {
    volume,
    reasons: [trigger, ...reasons, 'growing what is there comes before asking for new bricks'],
    candidates: [],
    before,
    after,
    copysets: { before: sets.size, after: sets.size },
    scatterWidth: { before: width, after: width },
    taken: state.plans,
  };
  return writeSteps(draft, wanted, cluster.now);
}

/** How much of a device a filesystem that fills it may leave out of its size, in bytes. */
function overheadBytes(type: GrowFilesystem['type'], deviceBytes: number): number {
  // mkfs.xfs makes a log of 64 MiB at least, a 2048th of larger disks, 2 GiB at most (xfsprogs, calc_concurrency aside).
  if (type === 'xfs') return Math.max(64 * 1024 ** 2, deviceBytes / 2048);
  // One inode of 256 bytes for each 16 KiB is 1.6 %; the journal has up to 1 GiB, a sixteenth on small disks.
  return deviceBytes * 0.02 + Math.min(1024 ** 3, deviceBytes / 16);
}

function stepFor({ volume }: ClusterVolume, { server, filesystem }: ClusterBrick): GrowFilesystem | null {
  if (server?.isFresh !== true || filesystem === null || filesystem.isReadOnly) return null;
  const type = growableTypes.find((growable) => growable === filesystem.type);
  const deviceBytes = filesystem.deviceBytes ?? null;
  if (type === undefined || deviceBytes === null || !hasGrown(filesystem, type, deviceBytes)) return null;
  return {
    kind: 'grow-filesystem',
    server: server.name,
    volume: volume.name,
    volumeId: volume.id,
    mountPoint: filesystem.mountPoint,
    device: filesystem.device as AbsolutePath,
    type,
    sizeBytesBefore: filesystem.sizeBytes,
    deviceBytes,
  };
}

function hasGrown(
  { sizeBytes, device }: Filesystem,
  type: GrowFilesystem['type'],
  deviceBytes: number,
): boolean {
  const gain = deviceBytes - sizeBytes - overheadBytes(type, deviceBytes);
  return device.startsWith('/') && gain >= Math.max(leastGainBytes, deviceBytes * leastGainShare);
}

/** Whether a plan that ended had the step for this size of the device: it has grown what there was to grow, or failed. */
function wasTried(state: State, { volume }: ClusterVolume, wanted: GrowFilesystem): boolean {
  return plansFor(state, volume).some(
    ({ status, plan }) =>
      (status === 'done' || status === 'failed') &&
      plan.steps.some(
        (step) =>
          step.kind === 'grow-filesystem' &&
          step.server === wanted.server &&
          step.mountPoint === wanted.mountPoint &&
          step.deviceBytes === wanted.deviceBytes,
      ),
  );
}

function isLimited(state: State, { volume }: ClusterVolume, { limits }: Policy, now: number): boolean {
  const most = limits.maxGrowthsPerDay;
  return most !== null && startsWithinDay(state, volume, now).length >= most;
}

/** The space with these filesystems as large as their devices; a subvolume has what its smallest data member has. */
function spaceAfter(volume: ClusterVolume, before: Space, steps: readonly GrowFilesystem[]): Space {
  const grown = new Map(steps.map((step) => [`${step.server} ${step.mountPoint}`, step]));
  const data = dataBricksPerSubvolume(volume.volume);
  let sizeBytes = 0;
  let freeBytes = 0;
  for (const { bricks } of volume.subvolumes) {
    const members = bricks
      .filter(({ brick }) => !brick.isArbiter)
      .map((member) => {
        const step = grown.get(`${member.server?.name} ${member.filesystem?.mountPoint}`);
        const gain =
          step === undefined
            ? 0
            : step.deviceBytes - step.sizeBytesBefore - overheadBytes(step.type, step.deviceBytes);
        return { size: (member.sizeBytes ?? 0) + gain, free: (member.freeBytes ?? 0) + gain };
      });
    sizeBytes += Math.floor(Math.min(...members.map(({ size }) => size))) * data;
    freeBytes += Math.floor(Math.min(...members.map(({ free }) => free))) * data;
  }
  return { ...before, sizeBytes, freeBytes };
}

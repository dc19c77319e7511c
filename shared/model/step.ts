// A step: one idempotent change on one server. The union is closed, and every table over StepKind (rules in the
// coordinator, verbs in the privileged process) is completed by the compiler.
import { type Static, Type } from 'typebox';
import { AbsolutePath, ServerName, VolumeId, VolumeName } from './names.ts';
import { Nullable, OneOf } from './schema.ts';

export const MakeBrickDirectory = Type.Object({
  kind: Type.Literal('make-brick-directory'),
  /** Where it runs: the server that the brick will be on. */
  server: ServerName,
  /** The mount point that must be there, so that nothing is made under an unmounted disk. */
  mountPoint: AbsolutePath,
  path: AbsolutePath,
});

export const AddBrick = Type.Object({
  kind: Type.Literal('add-brick'),
  server: ServerName,
  volume: VolumeName,
  volumeId: VolumeId,
  /** How many bricks the volume has before, so that a second add-brick cannot follow the first. */
  brickCountBefore: Type.Integer({ minimum: 1 }),
  /** In Gluster's order: each consecutive set is a subvolume, an arbiter last. */
  bricks: Type.Array(Type.Object({ host: ServerName, path: AbsolutePath }), { minItems: 1, maxItems: 1000 }),
});

export const FixLayout = Type.Object({
  kind: Type.Literal('fix-layout'),
  server: ServerName,
  volume: VolumeName,
  volumeId: VolumeId,
  /** The rebalance task that the volume had when the plan was written: ours is another one. */
  taskIdBefore: Nullable(Type.String({ maxLength: 64 })),
});

/** A full rebalance: fixes the layout as fix-layout does, and moves the files that belong elsewhere afterwards. */
export const Rebalance = Type.Object({ ...FixLayout.properties, kind: Type.Literal('rebalance') });

export const growableTypes = ['xfs', 'ext4', 'ext3'] as const;

/** Makes a mounted filesystem as large as its device, which has grown. */
export const GrowFilesystem = Type.Object({
  kind: Type.Literal('grow-filesystem'),
  server: ServerName,
  volume: VolumeName,
  volumeId: VolumeId,
  mountPoint: AbsolutePath,
  /** The device as the mount table writes it. */
  device: AbsolutePath,
  type: OneOf(growableTypes),
  /** What the filesystem had and the device has now: what was planned once is not planned again. */
  sizeBytesBefore: Type.Integer({ minimum: 1 }),
  deviceBytes: Type.Integer({ minimum: 1 }),
});

export const Step = Type.Union([MakeBrickDirectory, AddBrick, FixLayout, Rebalance, GrowFilesystem]);
export type Step = Static<typeof Step>;
export type StepKind = Step['kind'];
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;

/** One line for people: what the step does and where. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'make-brick-directory':
      return `make the brick directory ${step.path} on ${step.server}`;
    case 'add-brick':
      return `add ${step.bricks.map((brick) => `${brick.host}:${brick.path}`).join(', ')} to ${step.volume}`;
    case 'fix-layout':
      return `fix the layout of ${step.volume}, so that existing directories use the new bricks`;
    case 'rebalance':
      return `rebalance ${step.volume}: fix its layout and move files to the new bricks`;
    case 'grow-filesystem':
      return `grow the ${step.type} filesystem on ${step.server}:${step.mountPoint} to its device ${step.device}`;
  }
}

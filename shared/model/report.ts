// The report: everything that an agent saw, sent on every change and every 30 s. The beat: the numbers that move,
// sent each second. Both carry the agent's boot and a growing number, so that a late one is known for what it is.
import { type Static, Type } from 'typebox';
import { Brick } from './brick.ts';
import { Filesystem } from './filesystem.ts';
import { Gluster } from './gluster.ts';
import { AbsolutePath, ServerName, Zone } from './names.ts';
import { ListeningPort, NameResolution } from './network.ts';
import { Epoch } from './order.ts';
import { Nullable } from './schema.ts';
import { Section } from './section.ts';
import { Slot } from './slot.ts';

/** What each observer reports, by the section's name: the table of observers has exactly these keys. */
export const sectionValues = {
  filesystems: Type.Array(Filesystem, { maxItems: 1000 }),
  slots: Type.Array(Slot, { maxItems: 256 }),
  gluster: Gluster,
  bricks: Type.Array(Brick, { maxItems: 1000 }),
  ports: Type.Array(ListeningPort, { maxItems: 2000 }),
  names: Type.Array(NameResolution, { maxItems: 2000 }),
} as const;
export type SectionName = keyof typeof sectionValues;
export type SectionValue<K extends SectionName> = Static<(typeof sectionValues)[K]>;

export const Sections = Type.Object({
  filesystems: Section(sectionValues.filesystems),
  slots: Section(sectionValues.slots),
  gluster: Section(sectionValues.gluster),
  bricks: Section(sectionValues.bricks),
  ports: Section(sectionValues.ports),
  names: Section(sectionValues.names),
});
export type Sections = Static<typeof Sections>;

const Origin = {
  server: ServerName,
  /** A random name of this run of the agent: a new one means that `sequence` starts again. */
  run: Type.String({ minLength: 8, maxLength: 64 }),
  sequence: Type.Integer({ minimum: 0 }),
  /** The agent's clock, ms since 1970. Compared with nobody else's clock but to measure the offset. */
  sentAt: Type.Integer({ minimum: 0 }),
};

export const Report = Type.Object({
  ...Origin,
  agentVersion: Type.String({ maxLength: 64 }),
  /** Where the server stands, null when nobody said; an agent that knows no zones leaves it out. */
  zone: Type.Optional(Nullable(Zone)),
  /** The highest epoch that the privileged process has obeyed, 0 before the first order; null when it could not be asked. */
  epoch: Nullable(Epoch),
  sections: Sections,
});
export type Report = Static<typeof Report>;

export const Beat = Type.Object({
  ...Origin,
  filesystems: Type.Array(
    Type.Object({
      mountPoint: AbsolutePath,
      freeBytes: Type.Integer({ minimum: 0 }),
      inodesFree: Type.Integer({ minimum: 0 }),
    }),
    { maxItems: 1000 },
  ),
  bricks: Type.Array(Type.Object({ path: AbsolutePath, isUp: Type.Boolean() }), { maxItems: 1000 }),
});
export type Beat = Static<typeof Beat>;

// `mortar volumes [NAME]`: how full each volume is by its fullest subvolume, and what is done about it.
import type { Command } from 'commander';
import type { VolumeAnswer, VolumeInFull } from '../answers.ts';
import { apiCommand, runOf } from '../api-command.ts';
import { printable, renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { bar, counted, ordinal, outOf, size } from '../wording.ts';
import { renderBricks } from './bricks.ts';
import { renderDecision } from './grow.ts';

export function addVolumesCommand(program: Command, terminal: Terminal): void {
  apiCommand(program, 'volumes [name]', 'volumes, or one volume in full').action(
    async (name: string | undefined, _, command: Command) => {
      const run = runOf(command, terminal);
      if (name === undefined) {
        const items = await run.client.list<VolumeAnswer>('/v1/volumes');
        run.show({ items }, (answer) => renderVolumes(answer.items, terminal.width));
      } else {
        const volume = await run.client.get<VolumeInFull>(`/v1/volumes/${encodeURIComponent(name)}`);
        run.show(volume, (answer) => renderVolume(answer, terminal.width));
      }
    },
  );
}

/** The table of volumes. */
export function renderVolumes(volumes: readonly VolumeAnswer[], width: number | null): string {
  if (volumes.length === 0) return 'No server reports a volume.\n';
  return renderTable(
    [
      { title: 'VOLUME' },
      { title: 'KIND', canDrop: true },
      { title: 'FULLEST SUBVOLUME' },
      { title: 'FREE', align: 'right' },
      { title: 'SIZE', align: 'right', canDrop: true },
      { title: 'BRICKS UP' },
      { title: 'POLICY' },
      { title: 'DECISION', canShrink: true },
    ],
    volumes.map((volume) => [
      volume.name,
      kindOf(volume),
      bar(volume.fullest?.freePercent ?? null),
      size(volume.space?.freeBytes ?? null),
      size(volume.space?.sizeBytes ?? null),
      outOf(volume.bricksUp.up, volume.shape.bricks),
      volume.mode,
      volume.decision === null ? '-' : `${volume.decision.kind}: ${volume.decision.sentence}`,
    ]),
    width,
  );
}

function renderVolume(volume: VolumeInFull, width: number | null): string {
  const { shape, space, policy } = volume;
  const head = [
    `${volume.name}: ${kindOf(volume)}, ${volume.status}, ${counted(shape.subvolumes, 'subvolume')}, ${counted(shape.bricks, 'brick')}`,
    `space: ${size(space?.freeBytes ?? null)} free of ${size(space?.sizeBytes ?? null)}`,
    `policy: ${policy.mode}, level ${policy.level.freePercent} % free, target ${policy.target.freePercent} % free${volume.isDefaultPolicy ? ' (the default; nobody has set one)' : ''}`,
    ...(volume.isConsistent ? [] : ['The servers hold different configurations of this volume.']),
  ];
  const subvolumes = renderTable(
    [
      { title: 'SUBVOLUME', align: 'right' },
      { title: 'USED' },
      { title: 'FREE', align: 'right' },
      { title: 'SIZE', align: 'right' },
    ],
    volume.subvolumes.map(({ index, freePercent, freeBytes, sizeBytes }) => [
      ordinal(index),
      bar(freePercent),
      size(freeBytes),
      size(sizeBytes),
    ]),
    width,
  );
  const bricks = renderBricks(
    volume.subvolumes.flatMap((subvolume) => subvolume.bricks),
    width,
  );
  const decision = volume.decision === null ? '' : `\n${renderDecision(volume.decision, width)}`;
  return `${head.map(printable).join('\n')}\n${decision}\n${subvolumes}\n${bricks}`;
}

function kindOf({ kind, status }: VolumeAnswer): string {
  return status === 'started' ? kind : `${kind}, ${status}`;
}

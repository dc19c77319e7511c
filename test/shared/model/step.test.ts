// Steps in words, and steps that no schema lets through.
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import type { AbsolutePath, ServerName, VolumeId, VolumeName } from '../../../shared/model/names.ts';
import { describeStep, Step } from '../../../shared/model/step.ts';

const server = 'g1' as ServerName;
const volume = 'vol1' as VolumeName;
const volumeId = '11111111-2222-4333-8444-555555555555' as VolumeId;
const path = '/bricks/b2/vol1' as AbsolutePath;

const steps: [Step, string][] = [
  [
    { kind: 'make-brick-directory', server, mountPoint: '/bricks/b2' as AbsolutePath, path },
    'make the brick directory /bricks/b2/vol1 on g1',
  ],
  [
    {
      kind: 'add-brick',
      server,
      volume,
      volumeId,
      brickCountBefore: 2,
      bricks: [
        { host: server, path },
        { host: 'g2' as ServerName, path },
      ],
    },
    'add g1:/bricks/b2/vol1, g2:/bricks/b2/vol1 to vol1',
  ],
  [
    { kind: 'fix-layout', server, volume, volumeId, taskIdBefore: null },
    'fix the layout of vol1, so that existing directories use the new bricks',
  ],
];

test.each(steps)('%j reads "%s"', (step, line) => {
  expect(Value.Check(Step, step)).toBe(true);
  expect(describeStep(step)).toBe(line);
});

test.each([
  ['no bricks', { ...steps[1]?.[0], bricks: [] }],
  ['a path that climbs', { ...steps[0]?.[0], path: '/bricks/b2/../../etc' }],
  ['a volume that is an option', { ...steps[2]?.[0], volume: '--help' }],
  ['a kind that is none', { ...steps[2]?.[0], kind: 'format' }],
  ['no server', { ...steps[2]?.[0], server: undefined }],
])('a step with %s does not fit', (_, step) => {
  expect(Value.Check(Step, step)).toBe(false);
});

// The verbs: everything that root does here at a coordinator's word. A new kind of step is a type error until it is in
// this table.
import type { StepKind } from '../../../shared/model/step.ts';
import { addBrick } from './add-brick.ts';
import { growFilesystem } from './grow-filesystem.ts';
import { makeBrickDirectory } from './make-brick-directory.ts';
import { fixLayout, rebalance } from './rebalance.ts';
import type { Verb } from './verb.ts';

export const verbs: { [K in StepKind]: Verb<K> } = {
  'make-brick-directory': makeBrickDirectory,
  'add-brick': addBrick,
  'fix-layout': fixLayout,
  rebalance,
  'grow-filesystem': growFilesystem,
};

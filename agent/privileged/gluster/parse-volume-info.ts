// `gluster --xml volume info`: the shape and options of volumes as this server's glusterd has them stored, without a
// lock. A brick's server is known by `hostUuid`; its host name is only what somebody typed. `distCount` is passed over,
// because it has meant two things: the counts give the size of a set.

import { readReply } from './read-reply.ts';
import { badOutput, parseBrickName, parseCount, parseUuid, parseWord, pickWord } from './strict-text.ts';
import { type VolumeStatus, volumeStatuses } from './volume-words.ts';
import { childrenOf, childText, onlyChild, type XmlElement } from './xml-element.ts';

export type VolumeInfo = {
  name: string;
  id: string;
  status: VolumeStatus;
  replicaCount: number;
  arbiterCount: number;
  disperseCount: number;
  redundancyCount: number;
  /** In Gluster's order: consecutive bricks make a set. */
  bricks: InfoBrick[];
  options: Record<string, string>;
};

export type InfoBrick = { host: string; path: string; hostUuid: string; isArbiter: boolean };

/**
 * The volumes in the output of `volume info` (all, or one). Throws `not-found` for an unknown volume, `bad-output` when
 * the counts and the lists do not agree or anything is missing, and what `readReply` throws.
 */
export function parseVolumeInfo(text: string): VolumeInfo[] {
  const list = onlyChild(onlyChild(readReply(text, 'volume info'), 'volInfo'), 'volumes');
  const volumes = childrenOf(list, 'volume').map(parseVolume);
  requireCount(list, 'count', volumes.length);
  return volumes;
}

function parseVolume(element: XmlElement): VolumeInfo {
  const bricks = childrenOf(onlyChild(element, 'bricks'), 'brick').map(parseBrick);
  requireCount(element, 'brickCount', bricks.length);
  const replicaCount = childText(element, 'replicaCount', parseCount);
  const disperseCount = childText(element, 'disperseCount', parseCount);
  const setSize = disperseCount > 0 ? disperseCount : replicaCount;
  if (setSize === 0 || bricks.length % setSize !== 0) {
    throw badOutput(`volume info has ${bricks.length} bricks in sets of ${setSize}`);
  }
  return {
    name: childText(element, 'name', parseWord),
    id: childText(element, 'id', parseUuid),
    status: childText(element, 'statusStr', (word, where) => pickWord(word, volumeStatuses, where)),
    replicaCount,
    arbiterCount: childText(element, 'arbiterCount', parseCount),
    disperseCount,
    redundancyCount: childText(element, 'redundancyCount', parseCount),
    bricks,
    options: parseOptions(element),
  };
}

function parseBrick(element: XmlElement): InfoBrick {
  return {
    ...childText(element, 'name', parseBrickName),
    hostUuid: childText(element, 'hostUuid', parseUuid),
    isArbiter: childText(element, 'isArbiter', (text, where) => pickWord(text, flags, where)),
  };
}

const flags = { '0': false, '1': true };

function parseOptions(element: XmlElement): Record<string, string> {
  const options = childrenOf(onlyChild(element, 'options'), 'option');
  requireCount(element, 'optCount', options.length);
  return Object.fromEntries(
    options.map((option) => [
      childText(option, 'name', parseWord),
      childText(option, 'value', (text) => text),
    ]),
  );
}

function requireCount(element: XmlElement, name: string, found: number): void {
  const count = childText(element, name, parseCount);
  if (count !== found) throw badOutput(`<${name}> in <${element.name}> is ${count}, but ${found} follow`);
}

// `get-state` of real servers, and what must not be believed.
import { describe, expect, it } from 'vitest';
import { parseGetState, type StateVolume } from '../../../../agent/privileged/gluster/parse-get-state.ts';
import { fixtureNames, readFixture, type Version, versions } from './fixtures.ts';

function volumeIn(version: Version, fixture: string, name: string): StateVolume {
  const volume = parseGetState(readFixture(version, fixture)).volumes.find((each) => each.name === name);
  if (!volume) throw new Error(`no ${name} in ${fixture}`);
  return volume;
}

const uuid = /^[0-9a-f-]{36}$/;

describe.each(versions)('get-state of GlusterFS %s', (version) => {
  it('knows this server and its op-version', () => {
    const state = parseGetState(readFixture(version, 'get-state-alone.txt'));
    const info = readFixture(version, 'glusterd.info');
    expect(state).toMatchObject({ peers: [], volumes: [] });
    expect(info).toContain(`UUID=${state.uuid}\n`);
    expect(info).toContain(`operating-version=${state.opVersion}\n`);
  });

  it('lists the other servers, not this one, each with its names and connection', () => {
    const { peers } = parseGetState(readFixture(version, 'get-state-peer-down.txt'));
    const byName = peers.toSorted((a, b) => (a.hostname < b.hostname ? -1 : 1));
    expect(byName).toEqual([
      {
        uuid: expect.stringMatching(uuid),
        hostname: 'fx2',
        otherNames: [],
        state: 'Peer in Cluster',
        connected: true,
      },
      {
        uuid: expect.stringMatching(uuid),
        hostname: 'fx3',
        otherNames: [],
        state: 'Peer in Cluster',
        connected: false,
      },
    ]);
  });

  it('keeps the second name of a server that was probed by two', () => {
    const { peers } = parseGetState(readFixture(version, 'get-state-other-names.txt'));
    const names = peers.map((peer) => [peer.hostname, ...peer.otherNames].sort());
    expect(names.sort()).toEqual([['10.88.0.3', 'fx3'], ['fx2']]);
  });

  it.each([
    ['dist', { replicaCount: 1, arbiterCount: 0, disperseCount: 0, redundancyCount: 0 }],
    ['rep', { replicaCount: 3, arbiterCount: 0, disperseCount: 0, redundancyCount: 0 }],
    ['arb', { replicaCount: 3, arbiterCount: 1, disperseCount: 0, redundancyCount: 0 }],
    ['disp', { replicaCount: 1, arbiterCount: 0, disperseCount: 3, redundancyCount: 1 }],
  ] as const)('reads the shape of %s', (name, shape) => {
    expect(volumeIn(version, 'get-state-started.txt', name)).toMatchObject({
      ...shape,
      status: 'started',
    });
  });

  it('has the bricks in their order, and marks the arbiter', () => {
    expect(volumeIn(version, 'get-state-started.txt', 'arb').bricks).toEqual([
      { host: 'fx1', path: '/b/c/arb', isArbiter: false },
      { host: 'fx2', path: '/b/c/arb', isArbiter: false },
      { host: 'fx3', path: '/b/c/arb', isArbiter: true },
    ]);
  });

  it('keeps options as they stand, colons and brackets too', () => {
    expect(volumeIn(version, 'get-state-auth-allow.txt', 'brk').options).toMatchObject({
      'auth.allow': '/(10.88.0.*),/sub(10.88.0.2)',
      'nfs.disable': 'on',
    });
  });

  it.each([
    ['was never started', 'get-state-started.txt', 'rep', 'not-started'],
    ['runs', 'get-state-fix-layout-running.txt', 'dist', 'started'],
    ['runs, but this server has no brick', 'get-state-fix-layout-running-fx3.txt', 'dist', 'not-started'],
    ['is done', 'get-state-fix-layout-done.txt', 'dist', 'completed'],
    ['is done, and bricks were added since', 'get-state-after-second-add-brick.txt', 'dist', 'completed'],
    ['was stopped', 'get-state-rebalance-stopped.txt', 'dist', 'failed'],
  ])('tells of a fix-layout that it %s', (_, fixture, volume, status) => {
    expect(volumeIn(version, fixture, volume).rebalance.status).toBe(status);
  });

  it('has the id of the start as the id of the task, on servers without bricks too', () => {
    const taskId = /<task-id>(.*)<\/task-id>/.exec(readFixture(version, 'rebalance-start-many.xml'))?.[1];
    expect(taskId).toMatch(uuid);
    for (const fixture of ['get-state-fix-layout-running.txt', 'get-state-fix-layout-running-fx3.txt']) {
      expect(volumeIn(version, fixture, 'dist').rebalance.id).toBe(taskId);
    }
    expect(volumeIn(version, 'get-state-started.txt', 'dist').rebalance.id).toBeNull();
  });

  it('reads every captured file', () => {
    const names = fixtureNames(version, /^get-state-.*\.txt$/);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(parseGetState(readFixture(version, name)).uuid, name).toMatch(uuid);
  });
});

describe('a damaged get-state', () => {
  const whole = readFixture('10.3', 'get-state-started.txt');

  it.each([
    ['nothing at all', () => '', /does not end with a whole line/],
    ['the message of a CLI without glusterd', () => 'Connection failed.\n', /ends before \[Global\]/],
    ['an end in the middle of a number', (text: string) => text.slice(0, -3), /whole line/],
    ['no last section', (text: string) => text.split('[Misc]')[0] ?? '', /ends before \[Misc\]/],
    ['a brick without its path', without('Volume1.Brick1.path'), /0 lines for path in Brick1 of Volume1/],
    ['a brick twice', doubled('Volume1.Brick1.path'), /2 lines for path in Brick1/],
    ['fewer bricks than it counts', edited('brickcount: 3', 'brickcount: 4'), /3 bricks .* brickcount of 4/],
    ['an arbiter that lost its line', without('Volume1.Brick3.is_arbiter'), /0 arbiters/],
    ['a gap in the volumes', edited('Volume2.', 'Volume7.'), /not number 2/],
    ['a UUID that is none', edited('MYUUID: 3', 'MYUUID: g'), /MYUUID in \[Global\] .* not a UUID/],
    ['a negative count', edited('failures: 0', 'failures: -1'), /not a number/],
    [
      'a word that Gluster does not have',
      edited('status: Started', 'status: Starded'),
      /expected one of Created/,
    ],
    ['too much text', (text: string) => text.repeat(2000), /limit 8388608/],
  ])('with %s is an error that says so', (_, damage, message) => {
    expect(() => parseGetState(damage(whole))).toThrow(message);
  });

  it.each([
    'Base port',
    'Volume1.type',
    'Volume1.subvol_count',
    'Volume1.quorum_status',
    'Volume1.shd_svc.online_status',
    'Volume1.rebalance.lookedup',
    'Volume1.Brick1.spacefree',
  ])('without %s, which nobody uses, is read all the same', (key) => {
    const less = without(key)(whole);
    expect(less).not.toBe(whole);
    expect(parseGetState(less)).toEqual(parseGetState(whole));
  });

  function edited(from: string, to: string): (text: string) => string {
    return (text) => {
      const changed = text.replaceAll(from, to);
      expect(changed, `the fixture has ${from}`).not.toBe(text);
      return changed;
    };
  }
  function without(key: string): (text: string) => string {
    return (text) => text.replace(new RegExp(`^${key}: .*\n`, 'm'), '');
  }
  function doubled(key: string): (text: string) => string {
    return (text) => text.replace(new RegExp(`^(${key}: .*\n)`, 'm'), '$1$1');
  }
});

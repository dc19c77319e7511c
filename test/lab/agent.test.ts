// The agent on real servers with real bricks: what it reports, how soon, and that nobody else notices it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '../../shared/lib/assert.ts';
import { seen } from '../../shared/model/section.ts';
import type { VolumeKind } from '../../shared/model/volume.ts';
import { encodeMessage, maxMessageBytes } from '../../shared/protocol/messages.ts';
import { subjects } from '../../shared/protocol/subjects.ts';
import { type BusListener, listenToBus } from './bus-listener.ts';
import { describeLab } from './describe-lab.ts';
import { type MortarLab, startMortarLab } from './mortar.ts';
import type { Server } from './server.ts';

const shapes: Record<VolumeKind, string> = {
  distribute: '',
  replicate: 'replica 3',
  arbiter: 'replica 3 arbiter 1',
  disperse: 'disperse 3 redundancy 1',
};
const kinds = Object.keys(shapes) as VolumeKind[];

describeLab('agents on three servers', () => {
  let mortar: MortarLab;
  let listener: BusListener;
  let one: Server;
  const names = () => mortar.lab.servers.map(({ name }) => name);

  beforeAll(async () => {
    mortar = await startMortarLab({ name: 'agent', servers: 3 });
    listener = await listenToBus(mortar.natsUrl);
    one = mortar.lab.server(1);
    for (const kind of kinds) {
      const bricks = names().map((name) => `${name}:/bricks/b1/${kind}`);
      await one.sh(`gluster --mode=script volume create ${kind} ${shapes[kind]} ${bricks.join(' ')}`);
      await one.sh(`gluster --mode=script volume start ${kind}`);
    }
  });
  afterAll(async () => {
    await listener?.close();
    await mortar?.stop();
  });

  test('report every volume with its kind, and each its own bricks with process, port and disk', async () => {
    for (const name of names()) {
      const { sections } = await listener.report(name, 'four running bricks', ({ sections }) => {
        const bricks = seen(sections.bricks) ?? [];
        return bricks.length === kinds.length && bricks.every((brick) => brick.isUp);
      });
      for (const brick of seen(sections.bricks) ?? []) {
        expect(brick).toMatchObject({
          path: `/bricks/b1/${brick.volume}`,
          mountPoint: '/bricks/b1',
          hasVolumeId: true,
          pendingHeals: expect.any(Number),
          pid: expect.any(Number),
        });
        const listening = seen(sections.ports)?.filter(({ port }) => port === brick.port);
        expect(listening?.[0]).toMatchObject({ pid: brick.pid, process: 'glusterfsd' });
      }
    }
    const { sections } = await listener.report(names()[0]!, 'four started volumes', ({ sections }) => {
      const volumes = seen(sections.gluster)?.volumes ?? [];
      return volumes.length === kinds.length && volumes.every(({ status }) => status === 'started');
    });
    const gluster = present(seen(sections.gluster), 'what glusterd knows');
    expect(gluster.volumes.map(({ name, kind }) => [name, kind])).toEqual(
      kinds.toSorted().map((kind) => [kind, kind]),
    );
    expect(gluster.peers.map(({ isConnected, isMember }) => [isConnected, isMember])).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  test('report their slots, and how every name of the pool resolves', async () => {
    const report = await listener.report(
      names()[1]!,
      'slots',
      ({ sections }) => seen(sections.slots) !== null,
    );
    expect(seen(report.sections.slots)).toMatchObject([
      { path: '/bricks/b1', problem: null, entries: kinds.toSorted() },
      { path: '/bricks/b2', problem: null, entries: [] },
    ]);
    const resolutions = new Map(seen(report.sections.names)?.map((each) => [each.name, each]));
    for (const { name, address } of mortar.lab.servers) {
      const isLocal = name === names()[1];
      expect(resolutions.get(name)).toMatchObject({ addresses: [address], isLocal, isLoopback: false });
    }
  });

  test('beat each second with the free space that df shows', async () => {
    const beats = await listener.nextBeats(names()[0]!, 3);
    const gaps = beats.slice(1).map((beat, index) => beat.sentAt - beats[index]!.sentAt);
    for (const gap of gaps) expect(Math.round(gap / 1000)).toBe(1);
    const [free, inodes] = (await one.sh('stat -f -c "%a %S %d" /bricks/b2')).trim().split(' ').map(Number);
    expect(free).toBeGreaterThan(0);
    expect(inodes).toBeGreaterThan(0);
    const text = (await one.sh('stat -f -c "%a %S" /bricks/b2')).trim().split(' ').map(Number);
    const beat = present(beats.at(-1), 'the last beat');
    expect(beat.filesystems.find(({ mountPoint }) => mountPoint === '/bricks/b2')?.freeBytes).toBe(
      text[0]! * text[1]!,
    );
  });

  test('say within two beats that a brick was killed, and then that it runs again', async () => {
    const path = '/bricks/b1/replicate';
    const stateIn = (beat: { bricks: { path: string; isUp: boolean }[] }) =>
      beat.bricks.find((brick) => brick.path === path)?.isUp;
    const [before] = await listener.nextBeats(names()[0]!, 1);
    expect(stateIn(before!)).toBe(true);

    const pid = seen(listener.reports.get(names()[0]!)!.sections.bricks)?.find(
      (brick) => brick.path === path,
    )?.pid;
    await one.sh(`kill -9 ${present(pid, 'the process of the brick')}`);
    const after = await listener.nextBeats(names()[0]!, 2);
    expect(after.map(stateIn)).toContain(false);
    await listener.report(names()[0]!, 'a brick that is down', ({ sections }) =>
      (seen(sections.bricks) ?? []).some((brick) => brick.path === path && brick.isUp === false),
    );

    await one.sh('gluster --mode=script volume start replicate force');
    await listener.report(names()[0]!, 'a brick that runs again', ({ sections }) =>
      (seen(sections.bricks) ?? []).some((brick) => brick.path === path && brick.isUp && brick.pid !== pid),
    );
  });

  test('refuse a slot whose disk was unmounted, and stop counting its space', async () => {
    const three = mortar.lab.server(3);
    await three.sh('systemctl stop bricks-b2.mount');
    const { sections } = await listener.report(three.name, 'an unmounted slot', ({ sections }) =>
      (seen(sections.slots) ?? []).some((slot) => slot.problem !== null),
    );
    expect(seen(sections.slots)?.[1]).toMatchObject({
      problem: {
        code: 'unmounted',
        sentence: 'nothing is mounted on /bricks/b2, so it lies on the root filesystem',
      },
      entries: null,
    });
    const [beat] = await listener.nextBeats(three.name, 1);
    expect(beat!.filesystems.map(({ mountPoint }) => mountPoint)).toEqual(['/bricks/b1']);

    await three.sh('systemctl start bricks-b2.mount');
    await listener.report(three.name, 'a mounted slot', ({ sections }) =>
      (seen(sections.slots) ?? []).every((slot) => slot.problem === null),
    );
  });

  test('go on without the privileged process, and see everything when it is back', async () => {
    await one.sh('systemctl stop mortar-privileged');
    const without = await listener.report(one.name, 'what only root sees missing', ({ epoch, sections }) =>
      [epoch === null, seen(sections.gluster) === null, seen(sections.ports) === null].every(Boolean),
    );
    expect(without.sections).toMatchObject({
      gluster: { kind: 'failed', code: 'privileged-unavailable', lastSeenAt: expect.any(Number) },
      slots: { kind: 'seen' },
      filesystems: { kind: 'seen' },
    });
    await one.sh('systemctl start mortar-privileged');
    await listener.report(one.name, 'all sections seen', ({ epoch, sections }) =>
      [epoch !== null, ...Object.values(sections).map(({ kind }) => kind === 'seen')].every(Boolean),
    );
  });

  test('drop garbage, log it once and beat on', async () => {
    const subject = subjects.order(one.name as never);
    for (let turn = 0; turn < 3; turn += 1) {
      listener.bus.publish(subject, new Uint8Array(maxMessageBytes).fill(255));
      listener.bus.publish(subject, encodeMessage('order', { payload: 'nothing', signature: 'nobody’s' }));
    }
    await listener.nextBeats(one.name, 3);
    const log = await one.sh('journalctl --unit mortar-agent --output cat --no-pager');
    expect(log.match(/dropped a message/g)).toHaveLength(1);
    expect(log).not.toContain('because of a bug');
  });

  test('never make a `volume status` loop fail, ten of them, though each is made to look all the time', async () => {
    await startMoreAgents(mortar, { gluster1: 3, gluster2: 2, gluster3: 2 });
    const more = ['more11', 'more12', 'more13', 'more21', 'more22', 'more31', 'more32'];
    for (const name of more) {
      await listener.report(name, 'glusterd seen', ({ sections }) => seen(sections.gluster) !== null);
    }
    // A changed time in glusterd's store makes every agent of the server look at glusterd within a second.
    const stir = 'while :; do touch /var/lib/glusterd/vols/replicate; sleep 0.5; done';
    for (const server of mortar.lab.servers)
      await server.sh(`systemd-run --quiet --unit=stir sh -c '${stir}'`);
    await listener.nextBeats(one.name, 2);

    expect(await statusLoop(one)).toEqual([]);

    listener.bus.publish(subjects.ask(), encodeMessage('ask', { epoch: 0 }));
    for (const name of [...names(), ...more]) {
      const [beat] = await listener.nextBeats(name, 1);
      await listener.report(name, 'a look of a moment ago', ({ sections }) => {
        const { gluster } = sections;
        return gluster.kind === 'seen' && beat!.sentAt - gluster.seenAt < 10_000;
      });
    }
    for (const server of mortar.lab.servers) await server.sh("systemctl stop stir 'mortar-more*'");
  });

  test('beside another `volume status` loop the same loop does fail, so that it could have', async () => {
    const failures = await Promise.all(mortar.lab.servers.map(statusLoop));
    expect(failures.flat().length).toBeGreaterThan(0);
  });

  test('say nothing that does not fit the protocol', () => {
    expect(listener.problems).toEqual([]);
  });
});

/** Further agents on the servers, each under a name of its own (`more12` is the second on server 1), beside the first one. */
async function startMoreAgents(mortar: MortarLab, counts: Record<string, number>): Promise<void> {
  for (const server of mortar.lab.servers) {
    for (let number = 1; number <= (counts[server.name] ?? 0); number += 1) {
      const name = `more${server.index}${number}`;
      await server.sh(
        `sed 's/^name = .*/name = "${name}"/' /etc/mortar/agent.toml >/etc/mortar/${name}.toml`,
      );
      await server.sh(
        `systemd-run --quiet --unit=mortar-${name} --uid=mortar /usr/lib/mortar/bin/node /usr/lib/mortar/agent.mjs --config /etc/mortar/${name}.toml`,
      );
    }
  }
}

/** `gluster volume status`, which locks each volume on every server, 40 times; gives what the failing ones said. */
async function statusLoop(server: Server): Promise<string[]> {
  const failures: string[] = [];
  for (let run = 0; run < 40; run += 1) {
    const { code, stdout, stderr } = await server.run(['gluster', '--mode=script', 'volume', 'status']);
    const said = stdout + stderr;
    if (code !== 0 || /Another transaction|Locking failed/.test(said)) failures.push(said);
  }
  return failures;
}

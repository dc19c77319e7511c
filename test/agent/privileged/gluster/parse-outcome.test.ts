// Every change that was captured, fine or refused, and what it came to.
import { describe, expect, it } from 'vitest';
import { parseOutcome } from '../../../../agent/privileged/gluster/parse-outcome.ts';
import { readFixture, recordedCommand, versions } from './fixtures.ts';

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);

describe.each(versions)('the outcome of a change by GlusterFS %s', (version) => {
  it.each([
    ['add-brick.xml', {}],
    ['add-brick-second.xml', {}],
    ['start-rep.xml', {}],
    ['set.xml', {}],
    ['peer-probe.xml', {}],
    ['peer-probe-again.xml', {}],
    ['create-distribute.xml', { volumeId: uuid }],
    ['create-replica.xml', { volumeId: uuid }],
    ['create-arbiter.xml', { volumeId: uuid }],
    ['create-disperse.xml', { volumeId: uuid }],
    ['rebalance-start.xml', { taskId: uuid }],
    ['rebalance-full-start.xml', { taskId: uuid }],
    ['rebalance-start-peer-down.xml', { taskId: uuid }],
  ])('is a success in %s', (fixture, ids) => {
    expect(parseOutcome(readFixture(version, fixture))).toEqual({ ok: true, ...ids });
  });

  it.each([
    ['add-brick-busy.xml', 'busy', /^Another transaction is in progress/],
    ['volume-status-busy.xml', 'busy', /^Another transaction is in progress for dist/],
    ['add-brick-fail-commit.xml', 'uncertain', /^Commit failed on localhost/],
    ['add-brick-fail-count.xml', 'refused', /^Incorrect number of bricks supplied 2 with count 3$/],
    ['add-brick-fail-same-server.xml', 'refused', /^Multiple bricks of a replicate volume/],
    ['add-brick-fail-root.xml', 'refused', /root partition/],
    ['add-brick-fail-mountpoint.xml', 'refused', /is a mount point/],
    ['add-brick-fail-no-directory.xml', 'refused', /No such file or directory$/],
    ['add-brick-fail-part-of-volume.xml', 'brick-marked', /already part of a volume$/],
    ['add-brick-fail-used.xml', 'brick-in-use', /contained by an existing brick\.$/],
    ['add-brick-fail-used-here.xml', 'brick-in-use', /contained by an existing brick\.$/],
    ['add-brick-fail-unknown-volume.xml', 'unknown-volume', /volume name nope$/],
    ['add-brick-fail-not-connected.xml', 'peer-unavailable', /^Host fx3 not connected$/],
    ['add-brick-fail-quorum.xml', 'peer-unavailable', /^Quorum not met/],
    ['add-brick-fail-rebalance-running.xml', 'task-running', /rebalance is in progress/],
    ['rebalance-start-fail-running.xml', 'already', /already started$/],
    ['rebalance-start-twice.xml', 'already', /already started$/],
    ['rebalance-start-one-subvolume.xml', 'refused', /^Volume rep is not a distribute volume/],
    ['create-fail-exists.xml', 'already', /^Volume rep already exists$/],
    ['create-fail-used.xml', 'brick-in-use', /existing brick/],
    ['create-fail-part-of-volume.xml', 'brick-marked', /already part of a volume$/],
    ['create-fail-unknown-host.xml', 'peer-unavailable', /is not in 'Peer in Cluster' state$/],
    ['create-fail-root.xml', 'refused', /root partition/],
    ['create-fail-same-server.xml', 'refused', /same server/],
    ['start-fail-already.xml', 'already', /already started$/],
    ['set-fail.xml', 'refused', /no\.such\.option does not exist/],
    ['peer-probe-unknown.xml', 'peer-unavailable', /Transport endpoint is not connected/],
    ['volume-info-glusterd-down.xml', 'daemon-down', /^Connection failed/],
    ['unprivileged.xml', 'daemon-down', /^Connection failed/],
  ])('is a no in %s, of kind %s', (fixture, kind, text) => {
    const outcome = parseOutcome(readFixture(version, fixture));
    expect(outcome).toEqual({ ok: false, kind, text: expect.stringMatching(text) });
  });

  it('is read from stderr where the CLI itself refuses and prints nothing', () => {
    const { exit, stderr } = recordedCommand(version, 'create-fail-loopback.xml');
    expect(exit).toBe('1');
    expect(parseOutcome('', stderr.replace(' Usage:', '\nUsage:'))).toEqual({
      ok: false,
      kind: 'refused',
      text: expect.stringMatching(/^Please provide a valid hostname\/ip other than localhost/),
    });
  });
});

describe('an outcome that cannot be told', () => {
  it.each([
    ['the CLI gave up waiting', 'Error : Request timed out\n', ''],
    ['the CLI said something new', 'Something nobody has seen', ''],
    ['the CLI complained on stderr alone', '', 'volume add-brick: failed: strange'],
  ])('is uncertain where %s', (_, stdout, stderr) => {
    expect(parseOutcome(stdout, stderr)).toMatchObject({ ok: false, kind: 'uncertain' });
  });

  it.each([
    ['nothing was printed at all', ''],
    ['the XML was cut', readFixture('11.1', 'add-brick.xml').slice(0, 150)],
    ['a start has no task', readFixture('11.1', 'rebalance-start.xml').replace(/<task-id>.*<\/task-id>/, '')],
    ['a create has no id', readFixture('11.1', 'create-replica.xml').replace(/<id>.*<\/id>/, '')],
  ])('is an error where %s', (_, stdout) => {
    expect(() => parseOutcome(stdout)).toThrow(expect.objectContaining({ code: 'bad-output' }));
  });
});

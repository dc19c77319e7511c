// Every way in which the gluster program may answer, and what is made of it.
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGlusterCli, type GlusterCli } from '../../../agent/privileged/gluster-cli.ts';
import { runCommand } from '../../../shared/runtime/run-command.ts';
import { createGlusterStandIn, type GlusterStandIn, glusterFixture } from './gluster-stand-in.ts';

let gluster: GlusterStandIn;
let workDirectory: string;
let cli: GlusterCli;
beforeEach(async () => {
  gluster = createGlusterStandIn();
  workDirectory = await mkdtemp(join(tmpdir(), 'mortar-work-'));
  cli = createGlusterCli({ runCommand, command: gluster.command, workDirectory });
});
afterEach(async () => {
  gluster.remove();
  await rm(workDirectory, { recursive: true });
});

describe.each(['10.3', '11.1'])('GlusterFS %s', (version) => {
  test('its version, state and volumes are read, and nothing stays in the work directory', async () => {
    gluster.set({
      version: glusterFixture('version.txt', version),
      state: glusterFixture('get-state-started.txt', version),
      info: glusterFixture('volume-info-one.xml', version),
    });
    expect(await cli.readVersion()).toBe(version);
    expect((await cli.readState()).volumes.map(({ name }) => name)).toEqual(['arb', 'disp', 'dist', 'rep']);
    expect((await cli.readVolume('disp'))?.bricks).toHaveLength(3);
    expect(readdirSync(workDirectory)).toEqual([]);
  });

  test('a volume that does not exist is null', async () => {
    gluster.set({ info: glusterFixture('volume-info-unknown.xml', version) });
    expect(await cli.readVolume('nope')).toBeNull();
  });

  test('a glusterd that is down is an error of each read', async () => {
    const down = glusterFixture('volume-info-glusterd-down.xml', version);
    gluster.set({ down, info: down });
    await expect(cli.readState()).rejects.toThrow(/get-state: Connection failed/);
    await expect(cli.readVolume('dist')).rejects.toThrow(/Connection failed/);
    expect(readdirSync(workDirectory)).toEqual([]);
  });

  const answers: [string, string, RegExp][] = [
    ['add-brick.xml', 'accepted', /success/],
    ['add-brick-busy.xml', 'busy', /Another transaction is in progress/],
    ['add-brick-fail-not-connected.xml', 'busy', /Host fx3 not connected/],
    ['volume-info-glusterd-down.xml', 'busy', /Connection failed/],
    ['add-brick-fail-used.xml', 'failed', /not available/],
    ['add-brick-fail-count.xml', 'failed', /Incorrect number of bricks supplied 2 with count 3/],
    ['add-brick-fail-unknown-volume.xml', 'failed', /Unable to get volinfo/],
    ['rebalance-start-twice.xml', 'failed', /is already started/],
    ['rebalance-start-one-subvolume.xml', 'failed', /only 1 brick.; Not performing rebalance/],
  ];
  test.each(answers)('the answer %s to a change is %s', async (fixture, kind, message) => {
    gluster.set({ answer: glusterFixture(fixture, version) });
    const answer = await cli.change(['volume', 'add-brick', 'dist', 'fx1:/b/c/dist']);
    expect(answer).toEqual({ kind, message: expect.stringMatching(message) });
    expect(gluster.changes()).toEqual(['--mode=script --xml volume add-brick dist fx1:/b/c/dist']);
  });
});

test('a commit that failed half-way is unknown, because it may have happened on some servers', async () => {
  gluster.set({ answer: glusterFixture('add-brick-fail-commit.xml', '11.1') });
  expect(await cli.change(['volume', 'add-brick', 'brk', 'fx1:/b/c/brk'])).toMatchObject({ kind: 'unknown' });
});

test.each([
  '',
  'Segmentation fault\n',
  '<?xml version="1.0"?><cliOutput><opRet>0</opRet>',
  'Error : Request timed out\n',
])('an answer %j to a change is unknown', async (answer) => {
  gluster.set({ answer });
  expect(await cli.change(['volume', 'add-brick', 'dist', 'a:/b'])).toMatchObject({ kind: 'unknown' });
});

test('a change whose program dies is unknown', async () => {
  const killed: typeof runCommand = async () => ({
    ...{ code: null, signal: 'SIGKILL', stdout: '', stderr: '', isTimedOut: false, durationMs: 1 },
  });
  const other = createGlusterCli({ runCommand: killed, command: 'gluster', workDirectory });
  expect(await other.change(['volume'])).toEqual({
    kind: 'unknown',
    message: 'Gluster’s answer cannot be read: it ended with SIGKILL and said nothing',
  });
});

test('a change that does not answer in time is unknown, and a read is an error', async () => {
  const late: typeof runCommand = async () => ({
    ...{ code: null, signal: 'SIGTERM', stdout: '', stderr: '', isTimedOut: true, durationMs: 1 },
  });
  const other = createGlusterCli({ runCommand: late, command: 'gluster', workDirectory });
  expect(await other.change(['volume'])).toMatchObject({ kind: 'unknown' });
  await expect(other.readVersion()).rejects.toMatchObject({ code: 'command-timed-out' });
});

test('a program that is not there changes nothing, and says so', async () => {
  const other = createGlusterCli({ runCommand, command: '/nowhere/gluster', workDirectory });
  await expect(other.change(['volume'])).rejects.toMatchObject({ code: 'command-failed' });
  await expect(other.readState()).rejects.toMatchObject({ code: 'command-failed' });
});

test('a state that is cut off is an error, and never half of the volumes', async () => {
  const whole = glusterFixture('get-state-started.txt');
  gluster.set({ state: whole.slice(0, whole.length / 2) });
  await expect(cli.readState()).rejects.toMatchObject({ code: 'bad-output' });
});

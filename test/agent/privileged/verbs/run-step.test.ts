// The verbs that speak to Gluster, through the one way in which steps are carried out: each applied twice, after each
// answer that Gluster may give, and refused without a call where Gluster itself would not refuse.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGlusterCli } from '../../../../agent/privileged/gluster-cli.ts';
import { isStepDone, runStep } from '../../../../agent/privileged/verbs/run-step.ts';
import type { StepEdges } from '../../../../agent/privileged/verbs/verb.ts';
import { AssertionError } from '../../../../shared/lib/assert.ts';
import type { VolumeId, VolumeName } from '../../../../shared/model/names.ts';
import { runCommand } from '../../../../shared/runtime/run-command.ts';
import {
  createGlusterStandIn,
  type GlusterStandIn,
  glusterFixture,
  withBricks,
} from '../gluster-stand-in.ts';
import { addBrickStep, self } from '../orders/make-order.ts';

let gluster: GlusterStandIn;
let workDirectory: string;
let edges: StepEdges;
beforeEach(async () => {
  gluster = createGlusterStandIn();
  workDirectory = await mkdtemp(join(tmpdir(), 'mortar-work-'));
  edges = {
    gluster: createGlusterCli({ runCommand, command: gluster.command, workDirectory }),
    readMounts: () => Promise.reject(new Error('not asked for')),
    runCommand,
  };
});
afterEach(async () => {
  gluster.remove();
  await rm(workDirectory, { recursive: true });
});

/** A distribute volume of two bricks, a disperse volume of 2+1. */
const dist = { name: 'dist', id: '428170b9-ae3c-412e-93d4-375eb2e34b6b', brickCountBefore: 2 };
const disp = { name: 'disp', id: 'e10b7ea7-c8d8-4409-9e8a-ddf9de1b7406', brickCountBefore: 3 };
const distInfo = glusterFixture('volume-info-after-busy.xml');
const dispInfo = glusterFixture('volume-info-one.xml');
const success = glusterFixture('add-brick.xml');
const one = ['fx1:/b/c/dist'];
const set = ['fx1:/b/c/disp', 'fx2:/b/c/disp', 'fx3:/b/c/disp'];

describe('add-brick', () => {
  test('adds the bricks once, however often it is applied', async () => {
    gluster.set({ info: distInfo, answer: success, after: withBricks(distInfo, one) });
    const step = addBrickStep(dist, one);
    expect(await isStepDone(step, edges)).toBe(false);
    expect(await runStep(step, edges)).toEqual({ kind: 'done', message: 'added 1 bricks to dist' });
    expect(await isStepDone(step, edges)).toBe(true);
    expect(await runStep(step, edges)).toEqual({ kind: 'done', message: 'the effect was there already' });
    expect(gluster.changes()).toEqual(['--mode=script --xml volume add-brick dist fx1:/b/c/dist']);
  });

  test('passes the bricks on in the order of the step, which makes the sets, and never forces', async () => {
    gluster.set({ info: dispInfo, answer: success, after: withBricks(dispInfo, set) });
    expect(await runStep(addBrickStep(disp, set), edges)).toMatchObject({ kind: 'done' });
    expect(gluster.changes()).toEqual([`--mode=script --xml volume add-brick disp ${set.join(' ')}`]);
  });

  test('is done although later bricks follow, and although Gluster has a name in capitals', async () => {
    gluster.set({ info: withBricks(distInfo, ['FX1:/b/c/dist', 'fx2:/b/c/dist']) });
    expect(await isStepDone(addBrickStep(dist, one), edges)).toBe(true);
  });

  const other = '11111111-1111-1111-1111-111111111111';
  const two = ['fx1:/b/c/disp', 'fx2:/b/c/disp'];
  const refused: [string, string, ReturnType<typeof addBrickStep>, RegExp][] = [
    [
      'the volume is gone',
      glusterFixture('volume-info-unknown.xml'),
      addBrickStep(dist, one),
      /there is no volume dist/,
    ],
    [
      'the volume was made anew',
      distInfo,
      addBrickStep({ ...dist, id: other }, one),
      /is another volume now/,
    ],
    [
      'it has fewer bricks',
      distInfo,
      addBrickStep({ ...dist, brickCountBefore: 3 }, one),
      /has 2 bricks now, and the step was written for 3/,
    ],
    [
      'it has more bricks',
      withBricks(distInfo, ['fx2:/b/c/dist']),
      addBrickStep(dist, one),
      /has 3 bricks now/,
    ],
    [
      'some of the bricks are there',
      withBricks(dispInfo, set.slice(0, 1)).replace('<disperseCount>3', '<disperseCount>1'),
      addBrickStep(disp, set),
      /^1 of the 3 bricks are in disp already/,
    ],
    [
      'the bricks are there in another order',
      withBricks(dispInfo, set.toReversed()),
      addBrickStep(disp, set),
      /^3 of the 3 bricks are in disp already/,
    ],
    ['they are no whole set', dispInfo, addBrickStep(disp, two), /2 bricks are not whole subvolumes of 3/],
    [
      'they are one set and a piece',
      dispInfo,
      addBrickStep(disp, [...set, 'fx1:/b/d/disp']),
      /not whole subvolumes/,
    ],
    [
      'a set would have two on one server',
      dispInfo,
      addBrickStep(disp, [...two, 'fx1:/b/d/disp']),
      /two bricks on one server/,
    ],
    ['it names a brick twice', distInfo, addBrickStep(dist, [...one, ...one]), /names a brick twice/],
  ];
  test.each(refused)('is refused without a call where %s', async (_, info, step, message) => {
    gluster.set({ info, answer: success });
    for (let time = 0; time < 2; time += 1) {
      expect(await runStep(step, edges)).toEqual({
        kind: 'refused',
        message: expect.stringMatching(message),
      });
    }
    expect(gluster.changes()).toEqual([]);
  });

  const answers: [string, string, string, RegExp][] = [
    ['busy', 'add-brick-busy.xml', 'busy', /Another transaction/],
    ['a peer is away', 'add-brick-fail-not-connected.xml', 'busy', /not connected/],
    ['the directory is in use', 'add-brick-fail-used.xml', 'failed', /not available/],
    ['said yes, and nothing happened', 'add-brick.xml', 'unknown', /but the effect is not to be seen/],
    ['answered garbage', 'store-rep.cksum', 'unknown', /info=865628872/],
  ];
  test.each(answers)('tells what it was when Gluster was %s', async (_, fixture, kind, message) => {
    gluster.set({ info: distInfo, answer: glusterFixture(fixture) });
    expect(await runStep(addBrickStep(dist, one), edges)).toEqual({
      kind,
      message: expect.stringMatching(message),
    });
  });

  test('is done when Gluster says no because the bricks got there meanwhile', async () => {
    gluster.set({
      info: distInfo,
      answer: glusterFixture('add-brick-fail-used.xml'),
      after: withBricks(distInfo, one),
    });
    expect(await runStep(addBrickStep(dist, one), edges)).toMatchObject({ kind: 'done' });
  });

  test('is unknown when the commit failed on some server, although the bricks are seen on this one', async () => {
    const answer = glusterFixture('add-brick-fail-commit.xml', '11.1');
    gluster.set({ info: distInfo, answer, after: withBricks(distInfo, one) });
    const first = await runStep(addBrickStep(dist, one), edges);
    expect(first).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('there on this server'),
    });
  });

  test('is busy while glusterd is down, because nothing was tried', async () => {
    gluster.set({ info: glusterFixture('volume-info-glusterd-down.xml') });
    expect(await runStep(addBrickStep(dist, one), edges)).toMatchObject({
      kind: 'busy',
      message: expect.stringMatching(/^not tried/),
    });
  });

  test('is unknown when glusterd goes down between the change and the look after it', async () => {
    gluster.set({ info: distInfo, answer: success, after: glusterFixture('volume-info-glusterd-down.xml') });
    expect(await runStep(addBrickStep(dist, one), edges)).toMatchObject({ kind: 'unknown' });
  });
});

test.each([
  ['before the deed', false],
  ['after it', true],
])('a bug %s is no outcome: it ends the process', async (_, isAfter) => {
  const bug = new AssertionError('a volume must have an id');
  gluster.set({ info: distInfo, answer: success });
  const readVolume = (name: string) =>
    isAfter && gluster.changes().length === 0 ? edges.gluster.readVolume(name) : Promise.reject<never>(bug);
  const broken = { ...edges, gluster: { ...edges.gluster, readVolume } };
  await expect(runStep(addBrickStep(dist, one), broken)).rejects.toBe(bug);
});

describe('fix-layout', () => {
  const step = {
    kind: 'fix-layout' as const,
    server: self,
    volume: 'dist' as VolumeName,
    volumeId: dist.id as VolumeId,
    taskIdBefore: null,
  };
  const before = glusterFixture('get-state-fix-layout-before.txt');
  const running = glusterFixture('get-state-fix-layout-early.txt');
  const taskId = '5ec73781-5080-4f27-a69b-8da4b18d55ff';
  const started = glusterFixture('rebalance-start.xml');

  test('starts it once, however often it is applied', async () => {
    gluster.set({ info: distInfo, state: before, answer: started, after: running });
    expect(await isStepDone(step, edges)).toBe(false);
    expect(await runStep(step, edges)).toEqual({ kind: 'done', message: 'started the fix-layout of dist' });
    expect(await runStep(step, edges)).toEqual({ kind: 'done', message: 'the effect was there already' });
    expect(gluster.changes()).toEqual(['--mode=script --xml volume rebalance dist fix-layout start']);
  });

  test.each([
    ['glusterfs 10.3', { kind: 'done', message: 'started the rebalance of dist' }, 1],
    ['glusterfs 11.0', { kind: 'refused', message: expect.stringContaining('#4148') }, 0],
    ['glusterfs 11.1', { kind: 'done', message: 'started the rebalance of dist' }, 1],
  ])('of the data too, on %s', async (version, result, changes) => {
    gluster.set({ version: `${version}\n`, info: distInfo, state: before, answer: started, after: running });
    expect(await runStep({ ...step, kind: 'rebalance' }, edges)).toEqual(result);
    expect(gluster.changes()).toHaveLength(changes);
  });

  const states: [string, string, string | null, boolean][] = [
    ['was never started', 'get-state-fix-layout-before.txt', null, false],
    ['runs', 'get-state-fix-layout-early.txt', null, true],
    ['has completed', 'get-state-fix-layout-done.txt', null, true],
    ['is known on a server without a brick', 'get-state-fix-layout-done-fx3.txt', null, true],
    ['is the one from before the plan', 'get-state-fix-layout-done.txt', taskId, false],
    [
      'is the one from before the plan, after an add-brick',
      'get-state-after-second-add-brick.txt',
      taskId,
      false,
    ],
    ['is a full rebalance that came after', 'get-state-rebalance-running.txt', taskId, true],
    ['has failed', 'get-state-unmounted.txt', null, false],
  ];
  test.each(states)('where the task %s', async (_, fixture, taskIdBefore, isDone) => {
    gluster.set({ state: glusterFixture(fixture) });
    expect(await isStepDone({ ...step, taskIdBefore }, edges)).toBe(isDone);
  });

  test('is done when one that somebody else started is running', async () => {
    const already = glusterFixture('rebalance-start-twice.xml');
    gluster.set({ info: distInfo, state: before, answer: already, after: running });
    expect(await runStep(step, edges)).toMatchObject({ kind: 'done' });
  });

  test('is refused for a volume that is not started, or is another one', async () => {
    gluster.set({ info: distInfo.replace('Started', 'Stopped'), state: before });
    expect(await runStep(step, edges)).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/dist is stopped/),
    });
    gluster.set({ info: distInfo });
    const volumeId = '11111111-1111-1111-1111-111111111111' as VolumeId;
    expect(await runStep({ ...step, volumeId }, edges)).toMatchObject({ kind: 'refused' });
    expect(gluster.changes()).toEqual([]);
  });

  test('fails with Gluster’s words for a volume of one subvolume', async () => {
    const answer = glusterFixture('rebalance-start-one-subvolume.xml');
    gluster.set({ info: distInfo, state: before, answer });
    expect(await runStep(step, edges)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/not a distribute volume/),
    });
  });
});

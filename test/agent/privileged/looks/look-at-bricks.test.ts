// The bricks of a server, from a store captured from a real one and a process that looks like a brick's. That all of it
// is true of a real glusterd is seen in the lab.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BrickEdges, lookAtBricks } from '../../../../agent/privileged/looks/look-at-bricks.ts';
import { readMounts } from '../../../../agent/privileged/read-mounts.ts';
import { createOneAtATime } from '../../../../shared/runtime/one-at-a-time.ts';
import type { CommandResult } from '../../../../shared/runtime/run-command.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { makeGlusterdStore } from '../glusterd-store.ts';

let root: string;
let brick: string;
let edges: BrickEdges;
let children: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mortar-bricks-'));
  brick = join(root, 'brick');
  mkdirSync(join(brick, '.glusterfs/indices/xattrop'), { recursive: true });
  mkdirSync(join(root, 'run/vols/rep'), { recursive: true });
  children = [];
  edges = {
    runCommand: async () => answerOf('getfattr: not found', 1),
    oneAtATime: createOneAtATime(createManualClock()),
    readMounts,
    storeDirectory: makeGlusterdStore(brick),
    runDirectory: join(root, 'run'),
    procDirectory: '/proc',
  };
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
  rmSync(edges.storeDirectory, { recursive: true });
});

const volumeId = '748d9401-d47a-491c-9951-64c83628e3cf';
const attribute = (id: string) => `# file: /b\ntrusted.glusterfs.volume-id=0x${id.replaceAll('-', '')}\n`;

function answerOf(text: string, code = 0): CommandResult {
  const [stdout, stderr] = code === 0 ? [text, ''] : ['', text];
  return { code, signal: null, stdout, stderr, isTimedOut: false, durationMs: 1 };
}

/** A process with the name and the arguments of a brick's, and the pid file that glusterd writes for it. */
async function startBrick(
  brickName: string,
  port: number,
  program = '/usr/sbin/glusterfsd',
): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '-e',
      'console.log(1); setInterval(() => {}, 1000)',
      '--',
      '--brick-name',
      brickName,
      '--brick-port',
      `${port}`,
    ],
    {
      argv0: program,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  children.push(child);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  writePidFile(`${child.pid}\n`);
  return child.pid ?? 0;
}

function pidFile(): string {
  return `fx1${brick.replaceAll('/', '-')}.pid`;
}

function writePidFile(text: string): void {
  writeFileSync(join(root, 'run/vols/rep', pidFile()), text);
}

test('only the bricks of this server are seen, each with its process, port and mount', async () => {
  const pid = await startBrick(brick, 49_999);
  edges = { ...edges, runCommand: async () => answerOf(attribute(volumeId)) };
  expect(await lookAtBricks(edges)).toEqual([
    {
      volume: 'rep',
      volumeId,
      path: brick,
      isUp: true,
      pid,
      port: 49_999,
      mountPoint: expect.stringMatching(/^\//),
      hasVolumeId: true,
      pendingHeals: 0,
    },
  ]);
});

describe('a brick is down', () => {
  const down = { isUp: false, pid: null, port: null };
  test('without a pid file', async () => {
    expect(await lookAtBricks(edges)).toMatchObject([down]);
  });
  test.each(['', 'garbage', '0\n', '-1\n', '4194304\n', '1\n'])('with %j in its pid file', async (text) => {
    writePidFile(text);
    expect(await lookAtBricks(edges)).toMatchObject([down]);
  });
  test('when the process with its number is another program', async () => {
    await startBrick(brick, 49_999, '/usr/bin/something');
    expect(await lookAtBricks(edges)).toMatchObject([down]);
  });
  test('when the process with its number is another brick', async () => {
    await startBrick('/other/brick', 49_999);
    expect(await lookAtBricks(edges)).toMatchObject([down]);
  });
});

describe('whether a brick is up is unknown', () => {
  const unknown = { isUp: null, pid: null, port: null, mountPoint: expect.any(String), pendingHeals: 0 };
  test('when its pid file cannot be read', async () => {
    mkdirSync(join(root, 'run/vols/rep', pidFile()));
    expect(await lookAtBricks(edges)).toMatchObject([unknown]);
  });
  test('when its process cannot be asked', async () => {
    writePidFile('77\n');
    mkdirSync(join(root, 'proc/77/cmdline'), { recursive: true });
    expect(await lookAtBricks({ ...edges, procDirectory: join(root, 'proc') })).toMatchObject([unknown]);
  });
  test('when its process hangs, which is asked once and holds up nothing for longer than 5 s', async () => {
    writePidFile('77\n');
    mkdirSync(join(root, 'proc/77'), { recursive: true });
    const cmdline = join(root, 'proc/77/cmdline');
    // Opening a pipe hangs until somebody opens its other end.
    execFileSync('mkfifo', [cmdline]);
    const clock = createManualClock();
    const hanging = {
      ...edges,
      oneAtATime: createOneAtATime(clock),
      procDirectory: join(root, 'proc'),
    };
    const first = lookAtBricks(hanging);
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    await clock.advance(5_000);
    expect(await first).toMatchObject([unknown]);
    expect(await lookAtBricks(hanging)).toMatchObject([unknown]);
    const writer = spawn('sh', ['-c', 'printf "/usr/sbin/glusterfsd" >"$0"', cmdline]);
    await new Promise((resolve) => writer.once('exit', resolve));
    await vi.waitFor(() => expect(hanging.oneAtATime.isOutstanding(`the process of ${brick}`)).toBe(false));
  });
});

test('with brick multiplexing the process of another brick is this one’s too', async () => {
  const pid = await startBrick('/other/brick', 49_999);
  writeFileSync(
    join(edges.storeDirectory, 'options'),
    'cluster.brick-multiplex=on\nglobal-option-version=1\n',
  );
  expect(await lookAtBricks(edges)).toMatchObject([{ isUp: true, pid, port: 49_999 }]);
});

test.each<[string, CommandResult, boolean | null]>([
  ['is the volume’s', answerOf(attribute(volumeId)), true],
  ['is another volume’s', answerOf(attribute('11111111-1111-1111-1111-111111111111')), false],
  ['is not there', answerOf('/b: trusted.glusterfs.volume-id: No such attribute', 1), false],
  ['cannot be read', answerOf('getfattr: /b: No such file or directory', 1), null],
  ['is not readable as an id', answerOf('trusted.glusterfs.volume-id=0sAAAA'), null],
])('where the id on the directory %s', async (_, answer, hasVolumeId) => {
  expect(await lookAtBricks({ ...edges, runCommand: async () => answer })).toMatchObject([{ hasVolumeId }]);
});

test('pending heals are the entries of the index but the one that they are links to', async () => {
  const index = join(brick, '.glusterfs/indices/xattrop');
  for (const name of ['xattrop-0', 'a', 'b', 'c']) writeFileSync(join(index, name), '');
  expect(await lookAtBricks(edges)).toMatchObject([{ pendingHeals: 3 }]);
});

test('without the directory nothing is known of it, and that is not 0', async () => {
  rmSync(brick, { recursive: true });
  expect(await lookAtBricks(edges)).toMatchObject([
    { mountPoint: null, pendingHeals: null, hasVolumeId: null },
  ]);
});

test('a disk that hangs is not touched again, and the rest of the brick is told', async () => {
  const pid = await startBrick(brick, 49_999);
  const hangs = async () => ({ ...answerOf('', 1), code: null, isTimedOut: true });
  expect(await lookAtBricks({ ...edges, runCommand: hangs })).toMatchObject([
    { isUp: true, pid, mountPoint: null, pendingHeals: null, hasVolumeId: null },
  ]);
});

test('options that cannot be read are an error, and not "no multiplexing"', async () => {
  mkdirSync(join(edges.storeDirectory, 'options'));
  await expect(lookAtBricks(edges)).rejects.toMatchObject({ code: 'internal' });
});

test('a store that cannot be read is an error, and not "no bricks"', async () => {
  await expect(lookAtBricks({ ...edges, storeDirectory: '/nowhere' })).rejects.toMatchObject({
    code: 'bad-output',
  });
});

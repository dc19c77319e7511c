// Who serves a brick, from command lines and /proc/PID/stat of real servers.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { servesBrick, startOfProcess } from '../../../agent/link/brick-process.ts';

const brick =
  '/usr/sbin/glusterfsd -s gluster1 --volfile-id dist.gluster1.bricks-b1-dist -p /var/run/gluster/vols/dist/gluster1-bricks-b1-dist.pid -S /var/run/gluster/1e4423ddf88807c3.socket --brick-name /bricks/b1/dist -l /var/log/glusterfs/bricks/bricks-b1-dist.log --xlator-option *-posix.glusterd-uuid=a5336b9f-5237-40f9-9e9a-2093d1495acf --process-name brick --brick-port 60021 --xlator-option dist-server.listen-port=60021 '.replaceAll(
    ' ',
    '\0',
  );

test.each([
  ['its own', brick, '/bricks/b1/dist', 'yes'],
  ['another brick’s', brick, '/bricks/b1/dist2', 'perhaps'],
  ['a part of the path only', brick, '/bricks/b1', 'perhaps'],
  ['that of a self-heal daemon', '/usr/sbin/glusterfs\0-s\0localhost\0', '/bricks/b1/dist', 'no'],
  ['a shell’s that speaks of the brick', 'grep\0--brick-name\0/bricks/b1/dist\0', '/bricks/b1/dist', 'no'],
  ['none', '', '/bricks/b1/dist', 'no'],
])('a command line that is %s', (_, cmdline, path, expected) => {
  expect(servesBrick(cmdline, path)).toBe(expected);
});

const rest = '1 328 328 0 -1 4194624 7 0 0 0 20 33 0 0 20 0 11 0 359811 1021886464 18819';
test.each([
  ['a running process', `328 (glusterfsd) S ${rest}`, '359811'],
  ['one with a name that is meant to confuse', `328 (a) Z 1 (b) S ${rest}`, '359811'],
  ['one that hangs on its disk', `328 (glusterfsd) D ${rest}`, '359811'],
  ['one that has ended', `328 (glusterfsd) Z ${rest}`, null],
  ['a text that was cut off', '328 (glusterfsd) S 1 328', null],
  ['nothing', '', null],
])('the start of %s', (_, stat, expected) => {
  expect(startOfProcess(stat)).toBe(expected);
});

test('this process has a start, and keeps it', () => {
  const read = () => startOfProcess(readFileSync('/proc/self/stat', 'utf8'));
  expect(read()).toMatch(/^\d+$/);
  expect(read()).toBe(read());
});

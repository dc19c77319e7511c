// The real mount table of this machine, and files that are none.
import { expect, test } from 'vitest';
import { readMounts } from '../../../agent/privileged/read-mounts.ts';

test('the real table has a root, and this directory lies on one of its mounts', async () => {
  const mounts = await readMounts();
  expect(mounts.mountAt('/')?.type).toEqual(expect.any(String));
  expect(mounts.visible).toContain(mounts.mountOf(import.meta.dirname));
});

test.each([['/proc/self/status'], ['/proc/self/no-such-file']])('%s is no mount table', async (path) => {
  await expect(readMounts(path)).rejects.toMatchObject({ code: 'bad-output' });
});

// Brings a program of a Debian package into a cache of this tree, unpacked and not installed: installing a service would
// start and enable it, and needs root. Its libraries come along where the machine lacks them.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Libraries that are looked at for those that they need themselves: more than any one program has here. */
const mostPackages = 40;

/** A package, and whether the shared libraries that it needs are wanted with it. */
export interface DebianPackage {
  readonly packageName: string;
  readonly withLibraries: boolean;
}

/**
 * Downloads the package with apt-get, with package lists of its own, and moves what was unpacked to `target`: a folder.
 * It unpacks beside it and moves it in last, so that two at once and a cut-off one do no harm. Raises what apt-get or
 * dpkg-deb raise.
 */
export async function unpackDebianPackage(wanted: DebianPackage, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(`${target}.`);
  try {
    const root = join(scratch, 'root');
    await mkdir(root);
    await downloadInto(root, scratch, wanted);
    // Another one that was as fast has moved the same in.
    await rename(root, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function downloadInto(root: string, scratch: string, wanted: DebianPackage): Promise<void> {
  const own = ['-o', `Dir::State=${join(scratch, 'state')}`, '-o', `Dir::Cache=${join(scratch, 'cache')}`];
  await mkdir(join(scratch, 'state/lists/partial'), { recursive: true });
  await mkdir(join(scratch, 'cache/archives/partial'), { recursive: true });
  await run('apt-get', [...own, '--quiet', 'update'], { cwd: scratch });
  const queue = [wanted.packageName];
  const seen = new Set(queue);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const archive = await download(name, own, scratch);
    await run('dpkg-deb', ['--extract', archive, root], { cwd: scratch });
    if (!wanted.withLibraries) break;
    for (const library of await librariesOf(archive, scratch)) {
      if (seen.has(library) || seen.size >= mostPackages || (await isInstalled(library))) continue;
      seen.add(library);
      queue.push(library);
    }
  }
}

async function download(name: string, own: readonly string[], scratch: string): Promise<string> {
  const folder = join(scratch, 'archives', name);
  await mkdir(folder, { recursive: true });
  await run('apt-get', [...own, '--quiet', 'download', name], { cwd: folder });
  const [archive] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
  return join(folder, archive ?? `${name}.deb`);
}

/** The packages named lib… that an archive depends on; of alternatives the first. */
async function librariesOf(archive: string, scratch: string): Promise<string[]> {
  const { stdout } = await run('dpkg-deb', ['--field', archive, 'Depends'], { cwd: scratch });
  const names = stdout.split(',').map((part) => part.trim().split(/[\s(|:]/)[0] ?? '');
  return names.filter((name) => name.startsWith('lib'));
}

async function isInstalled(name: string): Promise<boolean> {
  return run('dpkg-query', ['--status', name]).then(
    ({ stdout }) => stdout.includes('\nStatus: install ok installed\n'),
    () => false,
  );
}

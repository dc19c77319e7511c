// The base images: one Debian tree a distribution, shared read-only by all servers and kept between runs. A tree is built
// under another name and renamed when whole, and its name carries a hash of its recipe: if it exists, it is right.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MortarError } from '../../shared/lib/errors.ts';
import { withFileLock } from './file-lock.ts';
import { files, finishScript, packages, recipeHash } from './image-recipe.ts';
import { type Distribution, labRoot, listLabs, readRecord } from './lab-record.ts';
import { mustRun, runCommand } from './run-command.ts';

/** The directory of a distribution's image, whether it is there yet or not. */
export function imagePath(distribution: Distribution): string {
  return join(labRoot(), 'images', `${distribution}-${recipeHash}`);
}

/**
 * The directory of the distribution's image; builds it if it is missing (half a minute, 500 MB, once) and removes older ones
 * that no lab uses. Two runs at once build it once. `say` gets a line for people when something slow begins.
 */
export async function provideImage(distribution: Distribution, say: (line: string) => void): Promise<string> {
  const image = imagePath(distribution);
  if (existsSync(image)) return image;
  return withFileLock(join(labRoot(), 'images', `${distribution}.lock`), async () => {
    if (existsSync(image)) return image;
    removeUnused(distribution);
    say(`building the ${distribution} base image in ${image} (once, about a minute)`);
    const building = `${image}.building`;
    mkdirSync(building);
    await debootstrap(distribution, building);
    await finishImage(building);
    renameSync(building, image);
    return image;
  });
}

/** Turns a fresh Debian tree into an image: units, user, nothing that two servers may not share. */
async function finishImage(tree: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(tree, path), text);
  await mustRun(['chroot', tree, 'sh', '-c', finishScript]);
}

/** In namespaces of its own: if it is killed, its mounts of /proc and /sys in the tree and all its children go with it. */
async function debootstrap(distribution: Distribution, tree: string): Promise<void> {
  const mirrors = [...new Set([await configuredMirror(), 'http://deb.debian.org/debian'])];
  const include = `--include=${packages.join(',')}`;
  // Killed with us: the next run builds in the same place.
  const own = [
    'setpriv',
    '--pdeathsig=KILL',
    'unshare',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
  let said = '';
  for (const mirror of mirrors) {
    rmSync(tree, { recursive: true, force: true });
    const command = [...own, 'debootstrap', '--variant=minbase', include, distribution, tree, mirror];
    const { code, stdout, stderr } = await runCommand(command, { env: await aptProxy() });
    if (code === 0) return;
    said = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
  }
  throw new MortarError(
    'command-failed',
    `debootstrap of ${distribution} from ${mirrors.join(', ')} failed: ${said}`,
  );
}

/** The archive that this machine itself installs Debian's packages from. */
async function configuredMirror(): Promise<string> {
  const format = ['--format', '$(REPO_URI)'];
  const filters = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const { stdout } = await runCommand(['apt-get', 'indextargets', ...format, ...filters]);
  const mirror = stdout.split('\n').find((line) => /^https?:/.test(line));
  return mirror?.replace(/\/+$/, '') ?? 'http://deb.debian.org/debian';
}

async function aptProxy(): Promise<Record<string, string>> {
  const { stdout } = await runCommand(['apt-config', 'dump', '--format', '%v%n', 'Acquire::http::Proxy']);
  const proxy = stdout.trim();
  return /^https?:/.test(proxy) ? { http_proxy: proxy } : {};
}

/** Under the image's lock: what is half built here is a killed run's. A lab that lives, or is not cleared yet, keeps its image. */
function removeUnused(distribution: Distribution): void {
  const images = join(labRoot(), 'images');
  const used = listLabs().map((name) => readRecord(name)?.image);
  for (const name of readdirSync(images)) {
    const isOurs = new RegExp(`^${distribution}-[0-9a-f]{8}(\\.building)?$`).test(name);
    if (isOurs && !used.includes(join(images, name))) rmSync(join(images, name), { recursive: true });
  }
}

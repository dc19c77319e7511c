// What a lab needs of this machine: what cannot be had is said in one sentence, what Debian packages is installed.
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { labRoot } from './lab-record.ts';
import { mustRun, runCommand, runCommandSync, toolPath } from './run-command.ts';

/** Programs that a lab runs on the machine itself, and the Debian packages that have them. */
const tools: Record<string, string> = {
  'systemd-nspawn': 'systemd-container',
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  losetup: 'mount',
};
/** Kernel file systems that servers mount; each may be built in or a module. */
const filesystems = ['overlay', 'xfs', 'fuse'];
/** Without this one capability (number 21, capabilities(7)) root is only called so, as in most containers. */
const capSysAdmin = 21n;

/** The type that statfs(2) gives for an overlay, as containers have for their root: no other overlay can be put on it. */
const overlayMagic = 0x794c7630;

export type Asker = { platform: string; uid: number };

/** One sentence about what is lacking for a lab here, or null when it can run. Changes nothing, takes a few ms. */
export function missingForLab(
  asker: Asker = { platform: process.platform, uid: process.getuid?.() ?? -1 },
): string | null {
  if (asker.platform !== 'linux') return `the lab needs Linux, and this is ${asker.platform}`;
  if (asker.uid !== 0) return `the lab needs root, and this runs as user ${asker.uid}`;
  if (!hasCapability(capSysAdmin))
    return 'the lab needs the right to mount (CAP_SYS_ADMIN), which root lacks in this container';
  const lacking = missingTools();
  if (lacking.length > 0 && !hasTool('apt-get')) {
    return `the lab needs ${lacking.join(', ')}, and there is no apt-get to install it with`;
  }
  const unknown = filesystems.filter((filesystem) => !canMount(filesystem));
  if (unknown.length > 0) return `the lab needs a kernel with ${unknown.join(', ')}`;
  if (!existsSync('/dev/fuse')) return 'the lab needs /dev/fuse, which is not there';
  if (!existsSync('/dev/loop-control'))
    return 'the lab needs loop devices (/dev/loop-control), and there are none';
  if (statfsSync(existingPart(labRoot())).type === overlayMagic) {
    return `the lab needs a real file system under ${labRoot()}, not an overlay; set MORTAR_LAB_ROOT to a directory on one`;
  }
  return null;
}

/** Installs the tools that are missing from Debian's packages. Throws `command-failed` with what apt said. */
export async function installTools(say: (line: string) => void): Promise<void> {
  const missing = missingTools();
  if (missing.length === 0) return;
  const wanted = [...new Set(missing.map((tool) => tools[tool] ?? tool)), 'debian-archive-keyring'];
  say(`installing ${wanted.join(', ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...wanted];
  // The package lists may be missing or older than the mirror; then the first try fails.
  if ((await runCommand(install, { env })).code === 0) return;
  await mustRun(['apt-get', 'update'], { env });
  await mustRun(install, { env });
}

function missingTools(): string[] {
  return Object.keys(tools).filter((tool) => !hasTool(tool));
}

function hasTool(tool: string): boolean {
  return toolPath.split(':').some((directory) => {
    try {
      accessSync(join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function hasCapability(number: bigint): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${mask}`) >> number) & 1n) === 1n;
}

/** The path, or the nearest directory above it that is there. */
function existingPart(path: string): string {
  return existsSync(path) ? path : existingPart(dirname(path));
}

function canMount(filesystem: string): boolean {
  const known = readFileSync('/proc/filesystems', 'utf8').split('\n');
  if (known.some((line) => line.trim().split(/\s+/).at(-1) === filesystem)) return true;
  return runCommandSync(['modprobe', '--dry-run', '--quiet', filesystem]).code === 0;
}

// Parser of /proc/PID/mountinfo (proc_pid_mountinfo(5)). PURE. Mount points may hold any byte but NUL, so the kernel
// writes space, tab, newline and backslash as \040, \011, \012 and \134; the number of optional fields varies, and only
// a lone "-" ends them.
import { MortarError } from './errors.ts';

export interface Mount {
  id: number;
  /** The mount that this one is mounted on; not in the table for the topmost one. */
  parentId: number;
  /** "major:minor" of the filesystem: the same for all its mounts. */
  deviceNumber: string;
  /** The directory of the filesystem that is seen at the mount point: "/" unless it is a bind mount or a subvolume. */
  root: string;
  mountPoint: string;
  /** Of this mount alone: `ro` here leaves other mounts of the filesystem writable. */
  options: readonly string[];
  type: string;
  source: string;
  /** Of the filesystem: `ro` here is also what the kernel sets after an error. */
  superOptions: readonly string[];
}

/** The mounts in `text`, in the kernel's order. Throws MortarError('bad-output') for a line that is not one. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  let lineNumber = 0;
  for (const line of text.split('\n')) {
    lineNumber += 1;
    if (line !== '') mounts.push(parseLine(line, lineNumber));
  }
  if (mounts.length === 0) throw new MortarError('bad-output', 'mountinfo names no mount at all');
  return mounts;
}

function parseLine(line: string, lineNumber: number): Mount {
  const fields = line.split(' ');
  const separator = fields.indexOf('-', 6);
  const [id, parentId, deviceNumber, root, mountPoint, options] = fields;
  const [type, source, superOptions] = separator === -1 ? [] : fields.slice(separator + 1);
  if (
    !isNumber(id) ||
    !isNumber(parentId) ||
    !/^\d+:\d+$/.test(deviceNumber ?? '') ||
    !mountPoint?.startsWith('/') ||
    root === undefined ||
    deviceNumber === undefined ||
    options === undefined ||
    type === undefined ||
    source === undefined ||
    superOptions === undefined
  ) {
    throw new MortarError(
      'bad-output',
      `line ${lineNumber} of mountinfo is not a mount: ${line.slice(0, 200)}`,
    );
  }
  return {
    id: Number(id),
    parentId: Number(parentId),
    deviceNumber,
    root: unescapeOctal(root),
    mountPoint: unescapeOctal(mountPoint),
    options: options.split(','),
    type: unescapeOctal(type),
    source: unescapeOctal(source),
    superOptions: superOptions.split(','),
  };
}

function isNumber(field: string | undefined): field is string {
  return field !== undefined && /^\d+$/.test(field);
}

function unescapeOctal(field: string): string {
  if (!field.includes('\\')) return field;
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

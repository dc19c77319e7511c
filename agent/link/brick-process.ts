// Whether a process is the one that serves a brick, from what the kernel says of it. PURE. With brick multiplexing one glusterfsd
// serves many bricks and names only the first, so another brick's process may serve this one as well.

/** Whether a glusterfsd has the NUL-separated command line `cmdline`, and may serve the brick at `path`. */
export function servesBrick(cmdline: string, path: string): 'yes' | 'perhaps' | 'no' {
  const words = cmdline.split('\0');
  if (!words[0]?.endsWith('glusterfsd')) return 'no';
  return words[words.indexOf('--brick-name') + 1] === path ? 'yes' : 'perhaps';
}

/**
 * When the process of this /proc/PID/stat (proc_pid_stat(5)) was started, in clock ticks since the boot; null when it has
 * ended and only waits for its parent, or when the text is none.
 */
export function startOfProcess(stat: string): string | null {
  // The name in parentheses may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  if (!state || 'ZXx'.includes(state) || !start || !/^\d+$/.test(start)) return null;
  return start;
}

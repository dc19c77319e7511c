// A small program in place of gluster: it answers with texts captured from the real one, keeps the state that a change
// leaves, writes down how it was called, and can kill its caller or hang at any point. A shell script, because it is
// started many times. Only what callers do with Gluster's words is tested with it; Gluster itself runs in the lab.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = `#!/bin/sh
dir=$(dirname "$0")
echo "$*" >>"$dir/calls"
change() {
  [ -e "$dir/kill-before" ] && rm "$dir/kill-before" && kill -9 $PPID && exit
  [ -e "$dir/after" ] && mv "$dir/after" "$dir/$2"
  [ -e "$dir/kill-after" ] && rm "$dir/kill-after" && kill -9 $PPID
  [ -e "$dir/hang" ] && exec sleep 1000
  cat "$dir/$1"
}
case "$*" in
  *--version*) cat "$dir/version" ;;
  *"get-state odir "*) [ -e "$dir/state" ] || { cat "$dir/down" && exit 1; }; cp "$dir/state" "$4/$6" ;;
  *"volume info"*) cat "$dir/info" ;;
  *"volume add-brick"*) change answer info ;;
  *"volume rebalance"*) change answer state ;;
  *) exit 64 ;;
esac
`;

export type StandInFile =
  /** What the reads answer. */
  | 'version'
  | 'info'
  | 'state'
  | 'down'
  /** What a change answers, and what takes the place of info or state when it is made. */
  | 'answer'
  | 'after'
  /** Kills the caller once, before or after the change is made; hangs after it. */
  | 'kill-before'
  | 'kill-after'
  | 'hang';

export interface GlusterStandIn {
  command: string;
  directory: string;
  set(files: Partial<Record<StandInFile, string>>): void;
  /** The arguments of each call that changes something, one line each. */
  changes(): string[];
  remove(): void;
}

/** A stand-in in a directory of its own. */
export function createGlusterStandIn(files: Partial<Record<StandInFile, string>> = {}): GlusterStandIn {
  const directory = mkdtempSync(join(tmpdir(), 'mortar-gluster-'));
  const command = join(directory, 'gluster');
  const calls = join(directory, 'calls');
  writeFileSync(command, script);
  chmodSync(command, 0o755);
  const set: GlusterStandIn['set'] = (some) => {
    for (const [name, text] of Object.entries(some)) writeFileSync(join(directory, name), text);
  };
  set(files);
  return {
    command,
    directory,
    set,
    changes: () => {
      const lines = existsSync(calls) ? readFileSync(calls, 'utf8').split('\n') : [];
      return lines.filter((line) => / volume (add-brick|rebalance) /.test(line));
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** A text captured from Gluster. */
export function glusterFixture(name: string, version = '10.3'): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/gluster', version, name), 'utf8');
}

/** The answer of `volume info` in which the one volume has `bricks` (`host:path`) beside its own, at the end. */
export function withBricks(info: string, bricks: readonly string[]): string {
  const peer = '14ae8724-c083-4827-acfe-660e6234b31a';
  const elements = bricks.map(
    (brick) =>
      `<brick uuid="${peer}">${brick}<name>${brick}</name><hostUuid>${peer}</hostUuid><isArbiter>0</isArbiter></brick>`,
  );
  return info
    .replace('</bricks>', `${elements.join('')}</bricks>`)
    .replace(/<brickCount>(\d+)</, (_, count: string) => `<brickCount>${Number(count) + bricks.length}<`);
}

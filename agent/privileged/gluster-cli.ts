// The gluster program: the reads that take no lock, and the one way to tell it to change something. Argument lists
// only, always --mode=script, never `force`.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, MortarError } from '../../shared/lib/errors.ts';
import { readTextFile } from '../../shared/runtime/files.ts';
import type { CommandResult, RunCommand } from '../../shared/runtime/run-command.ts';
import type { RefusalKind } from './gluster/classify-error.ts';
import { type GetState, parseGetState } from './gluster/parse-get-state.ts';
import { parseOutcome } from './gluster/parse-outcome.ts';
import { parseVersion } from './gluster/parse-version.ts';
import { parseVolumeInfo, type VolumeInfo } from './gluster/parse-volume-info.ts';
import { maxOutputCharacters } from './gluster/strict-text.ts';

/** glusterd answers nothing for up to 10 s while it starts a rebalance; the agent waits 30 s, and should be told why. */
const readTimeoutMs = 25_000;
/** The CLI itself gives up after 120 s, and its own words are worth more than a kill. */
const changeTimeoutMs = 150_000;
const maxOutputBytes = 2 * maxOutputCharacters;

/** What Gluster said to a change; `unknown` when that was not heard or may be half of the truth. */
export interface ChangeAnswer {
  kind: 'accepted' | 'busy' | 'failed' | 'unknown';
  /** Gluster's own words, on one line. */
  message: string;
}

export interface GlusterCli {
  /** Throws MortarError: `command-failed`, `command-timed-out`, `bad-output`. */
  readState(): Promise<GetState>;
  readVersion(): Promise<string>;
  /** Null when there is no such volume. Throws as readState does. */
  readVolume(name: string): Promise<VolumeInfo | null>;
  /** Runs `gluster ARGS`. Throws MortarError('command-failed') only when the program could not be started. */
  change(args: readonly string[]): Promise<ChangeAnswer>;
}

export interface GlusterCliEdges {
  runCommand: RunCommand;
  /** A name in the PATH, or an absolute path. */
  command: string;
  /** For the files that get-state writes: glusterd must see it under the same name, and only root may write to it. */
  workDirectory: string;
}

/** The gluster program as `edges.command`. */
export function createGlusterCli(edges: GlusterCliEdges): GlusterCli {
  async function read(what: string, args: readonly string[]): Promise<CommandResult> {
    const result = await edges.runCommand({
      file: edges.command,
      args: ['--mode=script', ...args],
      timeoutMs: readTimeoutMs,
      maxOutputBytes,
    });
    if (!result.isTimedOut) return result;
    throw new MortarError('command-timed-out', `${what} did not answer within ${readTimeoutMs / 1000} s`);
  }

  async function readState(): Promise<GetState> {
    const directory = await mkdtemp(join(edges.workDirectory, 'get-state-'));
    try {
      const result = await read('get-state', ['get-state', 'odir', directory, 'file', 'state']);
      if (result.code !== 0) throw new MortarError('command-failed', `get-state: ${wordsOf(result)}`);
      return parseGetState(await readTextFile(join(directory, 'state'), { maxBytes: maxOutputBytes }));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async function readVolume(name: string): Promise<VolumeInfo | null> {
    const { stdout } = await read('volume info', ['--xml', 'volume', 'info', name]);
    try {
      return parseVolumeInfo(stdout).find((volume) => volume.name === name) ?? null;
    } catch (error) {
      if (errorCodeOf(error) === 'not-found') return null;
      throw error;
    }
  }

  async function change(args: readonly string[]): Promise<ChangeAnswer> {
    let result: CommandResult;
    try {
      result = await edges.runCommand({
        file: edges.command,
        args: ['--mode=script', '--xml', ...args],
        timeoutMs: changeTimeoutMs,
        maxOutputBytes,
      });
    } catch (error) {
      if (errorCodeOf(error) !== 'output-too-large') throw error;
      return { kind: 'unknown', message: 'gluster printed more than it can mean' };
    }
    if (result.isTimedOut) {
      return { kind: 'unknown', message: `gluster did not answer within ${changeTimeoutMs / 1000} s` };
    }
    return answerIn(result);
  }

  return {
    readState,
    readVersion: async () => parseVersion((await read('gluster --version', ['--version'])).stdout),
    readVolume,
    change,
  };
}

function answerIn(result: CommandResult): ChangeAnswer {
  try {
    const outcome = parseOutcome(result.stdout, result.stderr);
    if (outcome.ok) return { kind: 'accepted', message: 'Gluster said success' };
    return { kind: answerKinds[outcome.kind], message: `Gluster: ${onOneLine(outcome.text)}` };
  } catch {
    // Output that cannot be read tells nothing about what was done; whoever asked looks.
    return { kind: 'unknown', message: `Gluster’s answer cannot be read: ${wordsOf(result)}` };
  }
}

/** Where nothing has happened and the cause goes away by itself, it is worth trying again: that is busy. */
const answerKinds: Readonly<Record<RefusalKind, ChangeAnswer['kind']>> = {
  uncertain: 'unknown',
  busy: 'busy',
  'daemon-down': 'busy',
  'task-running': 'busy',
  'peer-unavailable': 'busy',
  already: 'failed',
  'brick-in-use': 'failed',
  // Usually an earlier attempt of the same step: the directories are made anew, and it is tried again.
  'brick-marked': 'busy',
  'unknown-volume': 'failed',
  refused: 'failed',
};

function wordsOf({ stdout, stderr, code, signal }: CommandResult): string {
  return onOneLine(stderr) || onOneLine(stdout) || `it ended with ${signal ?? code} and said nothing`;
}

/** At most 1,000 characters: one line per failing server, and the first of them say it all. */
function onOneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 1_000);
}

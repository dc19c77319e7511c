// A daemon's configuration: a TOML file and the schema that it has to fit. Whatever is wrong is said with file, line
// and key and with what is allowed, and the daemon does not start: half a configuration is nobody's intention.
import { parse, TomlError } from 'smol-toml';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { MortarError } from '../lib/errors.ts';
import { configProblems } from './config-problems.ts';
import { readTextFile } from './files.ts';
import { tomlLines } from './toml-lines.ts';

/** A thousand slots fit in a tenth of this; a bigger file is not a configuration. */
const maxConfigBytes = 1024 * 1024;
/** More than these few are one mistake repeated. */
const maxProblems = 5;

/**
 * The configuration in the TOML file at `path`, with the defaults of `schema` filled in. `name` says whose it is.
 * Throws MortarError('bad-config') when the file is missing, is no TOML, or does not fit; every key is checked.
 */
export async function readConfigFile<T extends TSchema>(
  path: string,
  schema: T,
  options: { name: string },
): Promise<Static<T>> {
  let text: string;
  try {
    text = await readTextFile(path, { maxBytes: maxConfigBytes });
  } catch (cause) {
    throw new MortarError('bad-config', `the configuration of ${options.name} cannot be read`, { cause });
  }
  return parseConfig(path, text, schema);
}

/** As readConfigFile, with the text given; `path` is only named in errors. */
export function parseConfig<T extends TSchema>(path: string, text: string, schema: T): Static<T> {
  const value = Value.Default(schema, parseToml(path, text));
  const problems = configProblems(schema, value);
  if (problems.length === 0) return value as Static<T>;

  const lines = tomlLines(text);
  const told = problems
    .map((problem) => ({ ...problem, line: lineOf(lines, problem.pointer) }))
    .sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const sentences = told
    .slice(0, maxProblems)
    .map(({ line, sentence }) => (line === null ? sentence : `line ${line}: ${sentence}`));
  if (told.length > maxProblems) sentences.push(`and ${told.length - maxProblems} more`);
  throw new MortarError('bad-config', `${path}: ${sentences.join('; ')}`);
}

function parseToml(path: string, text: string): unknown {
  try {
    // `__proto__` as a key is nobody's setting.
    return parse(text, { unsafeKeyBehaviour: 'throw' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [sentence = ''] = error.message.split('\n');
    throw new MortarError(
      'bad-config',
      `${path}: line ${error.line}, column ${error.column}: ${sentence.replace('Invalid TOML document: ', 'this is no TOML: ')}`,
    );
  }
}

/** The line of the key, or of the nearest table around it; null for what is missing from the file as a whole. */
function lineOf(lines: Map<string, number>, pointer: string): number | null {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return null;
}

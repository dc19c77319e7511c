// The line of every key in a TOML text. The parser gives positions for errors of syntax only, and "unknown key" is of
// no use without one. This reads only text that the parser has accepted, so it never has to say what is wrong.

/**
 * The line (1 is the first) at which each key, table and element of a valid TOML text begins. Keys are JSON pointers
 * such as `/nats/url` or `/slots/0/path`.
 */
export function tomlLines(text: string): Map<string, number> {
  const scanner = new Scanner(text);
  let table: string[] = [];
  const arrayLengths = new Map<string, number>();
  for (scanner.skipBlank(); !scanner.isAtEnd(); scanner.skipBlank()) {
    if (!scanner.isAt('[')) {
      scanner.readAssignment(table);
      continue;
    }
    const line = scanner.line;
    const isArray = scanner.isAt('[[');
    scanner.skip(isArray ? 2 : 1);
    const name = inNewestElements(scanner.readKey(), arrayLengths);
    scanner.skip(isArray ? 2 : 1);
    if (isArray) {
      const pointer = pointerOf(name);
      const index = arrayLengths.get(pointer) ?? 0;
      arrayLengths.set(pointer, index + 1);
      if (index === 0) scanner.note(name, line);
      name.push(String(index));
    }
    scanner.note(name, line);
    table = name;
  }
  return scanner.lines;
}

/** A JSON pointer (RFC 6901) to the value at `path`. */
export function pointerOf(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A table below an array of tables belongs to that array's newest element. */
function inNewestElements(name: string[], arrayLengths: Map<string, number>): string[] {
  const path: string[] = [];
  for (const [position, part] of name.entries()) {
    path.push(part);
    const length = position < name.length - 1 ? arrayLengths.get(pointerOf(path)) : undefined;
    if (length !== undefined) path.push(String(length - 1));
  }
  return path;
}

class Scanner {
  readonly lines = new Map<string, number>();
  line = 1;
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  isAt(expected: string): boolean {
    return this.#text.startsWith(expected, this.#position);
  }

  skip(length: number): void {
    for (let end = this.#position + length; this.#position < end; this.#position += 1) {
      if (this.#text[this.#position] === '\n') this.line += 1;
    }
  }

  /** Skips white space, newlines, comments and commas, none of which matter between two keys or values. */
  skipBlank(): void {
    this.skip(this.#match(/(?:[\s,]|#[^\n]*)*/y).length);
  }

  /** Remembers where `path` begins, and each table that a dotted key makes on the way; the first mention counts. */
  note(path: readonly string[], line: number): void {
    for (let length = 1; length <= path.length; length += 1) {
      const pointer = pointerOf(path.slice(0, length));
      if (!this.lines.has(pointer)) this.lines.set(pointer, line);
    }
  }

  /** `a.b = value` at the current position, inside of the table `table`. */
  readAssignment(table: readonly string[]): void {
    const line = this.line;
    const path = [...table, ...this.readKey()];
    this.note(path, line);
    this.skip(this.#match(/[ \t]*=[ \t]*/y).length);
    this.#readValue(path);
  }

  /** A bare, quoted or dotted key, as its parts. */
  readKey(): string[] {
    const parts: string[] = [];
    do {
      const part = this.#match(/[ \t.]*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s.=\]"']+)[ \t]*/y);
      this.skip(Math.max(1, part.length));
      parts.push(unquote(part.replace(/^[ \t.]+|[ \t]+$/g, '')));
    } while (this.isAt('.'));
    return parts;
  }

  #readValue(path: readonly string[]): void {
    if (this.isAt('[')) {
      this.#readItems(']', (index) => {
        this.note([...path, String(index)], this.line);
        this.#readValue([...path, String(index)]);
      });
    } else if (this.isAt('{')) {
      this.#readItems('}', () => this.readAssignment(path));
    } else {
      const string = this.#match(
        /"""(?:[^\\]|\\[\s\S])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,\]}#][^,\]}#\n]*/y,
      );
      this.skip(Math.max(1, string.length));
    }
  }

  #readItems(end: string, readItem: (index: number) => void): void {
    this.skip(1);
    this.skipBlank();
    for (let index = 0; !this.isAt(end) && !this.isAtEnd(); index += 1) {
      readItem(index);
      this.skipBlank();
    }
    this.skip(1);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    return pattern.exec(this.#text)?.[0] ?? '';
  }
}

function unquote(key: string): string {
  if (key.startsWith("'")) return key.slice(1, -1);
  if (!key.startsWith('"')) return key;
  // TOML's escapes are JSON's but for \e, \x and \U, which nobody writes into the name of a setting.
  try {
    return JSON.parse(key);
  } catch {
    return key.slice(1, -1);
  }
}

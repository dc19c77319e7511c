// The lines of `get-state` by section: `[Section]`, then `Key: value`. Lines of any other form are passed over (a
// snapshot's description may have several), so a parser must ask for each line that it needs, and a key that came twice
// is an error when it is asked for: whatever made it, one of the two is not true.
import { badOutput } from './strict-text.ts';

/** The sections that every `get-state` has, in order; the last one shows that the file was written to its end. */
const sectionNames = ['Global', 'Global options', 'Peers', 'Volumes', 'Services', 'Misc'] as const;
export type SectionName = (typeof sectionNames)[number];

/** `key → values`, and where they stand, for errors. */
export type StateFields = { where: string; values: Map<string, string[]> };

/** The sections of a whole `get-state` file. Throws `bad-output` when one is missing, doubled or out of order. */
export function readSections(text: string): Record<SectionName, StateFields> {
  if (!text.endsWith('\n')) throw badOutput('get-state does not end with a whole line');
  const sections: StateFields[] = [];
  for (const line of text.split('\n')) {
    const header = /^\[([^\]]*)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      if (header !== sectionNames[sections.length]) throw badOutput(`get-state has [${header}] out of order`);
      sections.push({ where: `[${header}]`, values: new Map() });
    } else {
      addLine(sections.at(-1), line);
    }
  }
  const missing = sectionNames[sections.length];
  if (missing) throw badOutput(`get-state ends before [${missing}]`);
  return Object.fromEntries(sectionNames.map((name, at) => [name, sections[at]])) as Record<
    SectionName,
    StateFields
  >;
}

function addLine(section: StateFields | undefined, line: string): void {
  const colon = line.indexOf(': ');
  if (colon < 1) return;
  if (!section) throw badOutput('get-state has lines before its first section');
  add(section, line.slice(0, colon), line.slice(colon + 2));
}

function add(fields: StateFields, key: string, value: string): void {
  const values = fields.values.get(key);
  if (values) values.push(value);
  else fields.values.set(key, [value]);
}

/** The value of `key`, read by `parse`, whose errors name the place. Missing or doubled is an error. */
export function need<T>(fields: StateFields, key: string, parse: (text: string, where: string) => T): T {
  const values = fields.values.get(key) ?? [];
  const where = `${key} in ${fields.where}`;
  if (values.length !== 1) throw badOutput(`get-state has ${values.length} lines for ${where}, expected one`);
  return parse(values[0] as string, where);
}

/** Whether there is any line for `key`. */
export function has(fields: StateFields, key: string): boolean {
  return fields.values.has(key);
}

/** The fields `prefix1.…`, `prefix2.…` as one item each, keys without the prefix. The numbers must have no gap. */
export function numbered(fields: StateFields, prefix: string): StateFields[] {
  const items = new Map<number, StateFields>();
  const pattern = new RegExp(`^${prefix}([1-9][0-9]{0,6})\\.(.+)$`);
  for (const [key, values] of fields.values) {
    const [, digits, rest] = pattern.exec(key) ?? [];
    if (!digits || !rest) continue;
    const index = Number(digits);
    const item = items.get(index) ?? { where: `${prefix}${index} of ${fields.where}`, values: new Map() };
    items.set(index, item);
    item.values.set(rest, values);
  }
  return Array.from({ length: items.size }, (_, at) => {
    const item = items.get(at + 1);
    if (!item)
      throw badOutput(
        `get-state has ${items.size} of ${prefix}N in ${fields.where}, but not number ${at + 1}`,
      );
    return item;
  });
}

/** The fields whose keys begin with `prefix`, without it, each once. */
export function fieldsUnder(fields: StateFields, prefix: string): Record<string, string> {
  const keys = [...fields.values.keys()].filter(
    (key) => key.startsWith(prefix) && key.length > prefix.length,
  );
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), need(fields, key, (text) => text)]));
}

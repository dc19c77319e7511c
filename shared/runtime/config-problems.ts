// What is wrong with a configuration, in words for the person who wrote it: each problem has its key and says what is
// allowed there. A key that the schema does not know is a problem even where the schema would let it pass, because a
// misspelt setting is a setting that is not made.
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { pointerOf } from './toml-lines.ts';

export interface ConfigProblem {
  /** A JSON pointer to the key, or to the table that lacks one. */
  pointer: string;
  sentence: string;
}

/** The parts of a JSON schema that are read here; a TypeBox schema is one. */
interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  pattern?: string;
}

/** Everything in `value` that does not fit `schema`, at most one problem a key. */
export function configProblems(schema: TSchema, value: unknown): ConfigProblem[] {
  const root = schema as Schema;
  const problems = unknownKeys(root, value, []);
  const told = new Set<string>();
  for (const error of Value.Errors(schema, value)) {
    const { instancePath: pointer } = error;
    const path = pathOf(pointer);
    if (error.keyword === 'required') {
      for (const name of error.params.requiredProperties) {
        const allowed = describeAllowed(schemaAt(root, [...path, name]));
        problems.push({ pointer, sentence: `${keyOf([...path, name])} is missing; it must be ${allowed}` });
      }
    } else if (error.keyword !== 'additionalProperties' && !told.has(pointer)) {
      told.add(pointer);
      const allowed = describeAllowed(schemaAt(root, path));
      problems.push({ pointer, sentence: `${keyOf(path)} must be ${allowed}` });
    }
  }
  return problems;
}

function unknownKeys(schema: Schema | undefined, value: unknown, path: string[]): ConfigProblem[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  const allowed = [
    ...Object.keys(propertiesOf(schema)),
    ...variantsOf(schema).flatMap((variant) =>
      Object.keys(variant.patternProperties ?? {}).map((pattern) => `keys of the form ${pattern}`),
    ),
  ];
  return Object.entries(value).flatMap(([name, child]) => {
    const childPath = [...path, name];
    const childSchema = stepInto(schema, name);
    if (childSchema || Array.isArray(value)) return unknownKeys(childSchema, child, childPath);
    if (allowed.length === 0) return [];
    const place = path.length === 0 ? 'here' : `in ${keyOf(path)}`;
    const sentence = `unknown key ${keyOf(childPath)}; allowed ${place}: ${allowed.join(', ')}`;
    return [{ pointer: pointerOf(childPath), sentence }];
  });
}

function schemaAt(schema: Schema, path: readonly string[]): Schema | undefined {
  let found: Schema | undefined = schema;
  for (const part of path) found = stepInto(found, part);
  return found;
}

function stepInto(schema: Schema | undefined, name: string): Schema | undefined {
  const own = propertiesOf(schema)[name];
  if (own) return own;
  for (const variant of variantsOf(schema)) {
    if (variant.items && /^\d+$/.test(name)) return variant.items;
    for (const [pattern, child] of Object.entries(variant.patternProperties ?? {})) {
      if (new RegExp(pattern).test(name)) return child;
    }
    if (typeof variant.additionalProperties === 'object') return variant.additionalProperties;
  }
  return undefined;
}

function propertiesOf(schema: Schema | undefined): Record<string, Schema> {
  return Object.assign({}, ...variantsOf(schema).map((variant) => variant.properties));
}

function variantsOf(schema: Schema | undefined): Schema[] {
  if (!schema) return [];
  return schema.anyOf ? schema.anyOf.flatMap(variantsOf) : [schema];
}

/** What may stand there: the schema's own description where it has one, else made from its limits. */
function describeAllowed(schema: Schema | undefined): string {
  if (!schema) return 'something else';
  if (schema.description) return schema.description;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(describeAllowed))].join(' or ');
  if ('const' in schema) return JSON.stringify(schema.const);
  switch (schema.type) {
    case 'integer':
    case 'number': {
      const noun = schema.type === 'integer' ? 'a whole number' : 'a number';
      if (schema.minimum !== undefined && schema.maximum !== undefined)
        return `${noun} from ${schema.minimum} to ${schema.maximum}`;
      if (schema.minimum !== undefined) return `${noun}, ${schema.minimum} or more`;
      return schema.maximum === undefined ? noun : `${noun}, ${schema.maximum} or less`;
    }
    case 'string':
      if (schema.pattern) return `a string of the form ${schema.pattern}`;
      return schema.minLength ? 'a string that is not empty' : 'a string';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}, each ${describeAllowed(schema.items)}`;
    case 'object':
      return 'a table';
    default:
      return 'something else';
  }
}

/** `/slots/0/path` as a person writes it: `slots[0].path`. */
function keyOf(path: readonly string[]): string {
  const key = path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  return key.replace(/^\./, '') || 'the file';
}

function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

// A policy's fields as a list, read from its schema: for the documentation and for whoever shows a policy with its reasons.
import { defaultPolicy, Policy } from './policy.ts';

export interface PolicyField {
  /** `level.freePercent`, as the command line takes it. */
  readonly key: string;
  /** What holds when nobody has set it; "none" for null. */
  readonly fallback: string;
  /** What it does, and why its default is what it is. */
  readonly description: string;
}

/** A schema as far as it is read here: an object, one of several, or a value with a description. */
interface Shape {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly anyOf?: readonly Shape[];
}

/** Every field of a policy in the schema's order. */
export function policyFields(): PolicyField[] {
  return fieldsOf(Policy as Shape, defaultPolicy, '');
}

function fieldsOf(shape: Shape, value: unknown, prefix: string): PolicyField[] {
  const { properties } = shape;
  if (properties === undefined) {
    // A value that may be null is described in the part that it is otherwise.
    const inner = shape.description === undefined ? shape.anyOf?.[0] : shape;
    if (inner?.properties !== undefined) return fieldsOf(inner, value, prefix);
    const fallback = value === null || value === undefined ? 'none' : String(value);
    return [{ key: prefix, fallback, description: inner?.description ?? '' }];
  }
  return Object.entries(properties).flatMap(([name, part]) => {
    const inner =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : null;
    return fieldsOf(part, inner, prefix === '' ? name : `${prefix}.${name}`);
  });
}

// TypeBox says everything that is wrong with a request, several times over (each branch of a union, and the union). Here that
// becomes one sentence for each place, PURE.
import type { FastifySchemaValidationError } from 'fastify';

/** At most as many as a person reads. */
const maxPlaces = 20;

export interface InvalidPlace {
  /** A JSON pointer into the body, or `/name` of a parameter. */
  pointer: string;
  detail: string;
}

/** One entry for each place that is wrong, in the order of the errors. */
export function invalidPlaces(errors: readonly FastifySchemaValidationError[]): InvalidPlace[] {
  const places = new Map<string, { allowed: string[]; demands: string[] }>();
  const at = (pointer: string) => {
    const place = places.get(pointer) ?? { allowed: [], demands: [] };
    places.set(pointer, place);
    return place;
  };
  for (const { keyword, instancePath, message, params } of errors) {
    switch (keyword) {
      // Both say what `boolean` (a field that is not known) or a branch says already.
      case 'additionalProperties':
      case 'anyOf':
        break;
      case 'boolean':
        at(instancePath).demands.push('is not known here');
        break;
      case 'required':
        for (const name of [params.requiredProperties].flat()) {
          at(`${instancePath}/${String(name)}`).demands.push('is missing');
        }
        break;
      case 'const':
        at(instancePath).allowed.push(JSON.stringify(params.allowedValue));
        break;
      default:
        at(instancePath).demands.push(message ?? 'is not acceptable');
    }
  }
  return [...places].slice(0, maxPlaces).map(([pointer, place]) => ({ pointer, detail: detailOf(place) }));
}

function detailOf({ allowed, demands }: { allowed: string[]; demands: string[] }): string {
  if (allowed.length === 0) return [...new Set(demands)].join(', or ');
  // Next to the words themselves it says nothing that they are strings.
  const rest = demands.filter((demand) => demand !== 'must be string');
  return [...new Set([`must be ${allowed.join(', ')}`, ...rest])].join(', or ');
}

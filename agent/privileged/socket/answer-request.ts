// From one line of the socket to one line back. Whatever goes wrong with a well-formed question is an answer too;
// null is a line that is no question at all.
import { Compile } from 'typebox/compile';
import { AssertionError, unreachable } from '../../../shared/lib/assert.ts';
import { describeError, errorCodeOf } from '../../../shared/lib/errors.ts';
import type { Outcome } from '../../../shared/model/order.ts';
import type { SignedOrder } from '../../../shared/protocol/messages.ts';
import {
  type LookName,
  type LookValue,
  PrivilegedRequest,
  type PrivilegedResponse,
} from '../../../shared/protocol/privileged.ts';

const validRequest = Compile(PrivilegedRequest);

export type Looks = { [K in LookName]: () => Promise<LookValue<K>> };

export interface Answers {
  looks: Looks;
  obey(signed: SignedOrder): Promise<Outcome>;
}

/** The request in `line`, or null when there is none. */
export function parseRequest(line: string): PrivilegedRequest | null {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    return null;
  }
  return validRequest.Check(request) ? request : null;
}

/** The answer to `request`. An error that is no MortarError is told as `internal`; only a bug is thrown. */
export async function answerRequest(
  request: PrivilegedRequest,
  answers: Answers,
): Promise<PrivilegedResponse> {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'look':
        return { id, kind: 'seen', value: await answers.looks[request.look]() };
      case 'order':
        return { id, kind: 'outcome', outcome: await answers.obey(request.order) };
      default:
        return unreachable(request);
    }
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { id, kind: 'error', code: errorCodeOf(error), message: describeError(error).slice(0, 2048) };
  }
}

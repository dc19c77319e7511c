// For commands that only read: the XML tree of a success, or an operating error with the code that fits the refusal.
import { type ErrorCode, MortarError } from '../../../shared/lib/errors.ts';
import { classifyError, type RefusalKind } from './classify-error.ts';
import { parseXml } from './xml.ts';
import type { XmlElement } from './xml-element.ts';

const codes: Readonly<Partial<Record<RefusalKind, ErrorCode>>> = {
  busy: 'gluster-busy',
  'daemon-down': 'command-failed',
  'unknown-volume': 'not-found',
};

/**
 * The `<cliOutput>` of a read that succeeded. `what` names the command. Throws `gluster-busy`, `not-found` or
 * `gluster-refused` when Gluster said no, `command-failed` when the CLI could not reach glusterd or said something
 * that was not XML, `bad-output` when it cannot be read.
 */
export function readReply(text: string, what: string): XmlElement {
  const reply = parseXml(text, what);
  if (reply.kind === 'text') throw new MortarError('command-failed', `${what} printed no XML: ${reply.text}`);
  if (reply.opRet === 0) return reply.root;
  const code = codes[classifyError(reply.opErrstr)] ?? 'gluster-refused';
  throw new MortarError(code, `${what} was refused: ${reply.opErrstr || `opErrno ${reply.opErrno}`}`);
}

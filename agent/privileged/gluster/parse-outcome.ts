// What came of a command that changes something (create, start, set, add-brick, rebalance start, peer probe). When this
// throws, nobody knows whether the change happened: treat it like `uncertain`, and look again.
import { classifyError, type RefusalKind } from './classify-error.ts';
import { parseUuid } from './strict-text.ts';
import { parseXml } from './xml.ts';
import { childText, onlyChild, optionalChild, type XmlElement } from './xml-element.ts';

export type GlusterOutcome =
  | {
      ok: true;
      /** Of a rebalance or fix-layout. */
      taskId?: string;
      /** Of a volume that was created. */
      volumeId?: string;
    }
  | { ok: false; kind: RefusalKind; text: string };

/**
 * The outcome that `stdout` of a `gluster --mode=script --xml` command tells. Some refusals by the CLI itself leave
 * stdout empty and stand on `stderr` alone. Throws `bad-output` for output that is truncated or not Gluster's.
 */
export function parseOutcome(stdout: string, stderr = ''): GlusterOutcome {
  if (stdout.trim() === '' && stderr.trim() !== '') return plainRefusal(stderr.trim());
  const reply = parseXml(stdout, 'the command');
  if (reply.kind === 'text') return plainRefusal(reply.text);
  if (reply.opRet !== 0) {
    const text =
      reply.opErrstr ||
      (optionalChild(reply.root, 'output')?.text.trim() ?? '') ||
      `opErrno ${reply.opErrno}`;
    return { ok: false, kind: classifyError(text), text };
  }
  return { ok: true, ...findTaskId(reply.root), ...findVolumeId(reply.root) };
}

/** Text that the CLI printed itself. One that is not known may have come after the change, so it stays uncertain. */
function plainRefusal(text: string): GlusterOutcome {
  const kind = classifyError(text);
  return {
    ok: false,
    kind: kind === 'refused' && !/^\s*Usage:|\n\s*Usage:/m.test(text) ? 'uncertain' : kind,
    text,
  };
}

function findTaskId(root: XmlElement): { taskId?: string } {
  const rebalance = optionalChild(root, 'volRebalance');
  return rebalance ? { taskId: childText(rebalance, 'task-id', parseUuid) } : {};
}

function findVolumeId(root: XmlElement): { volumeId?: string } {
  const created = optionalChild(root, 'volCreate');
  return created ? { volumeId: childText(onlyChild(created, 'volume'), 'id', parseUuid) } : {};
}

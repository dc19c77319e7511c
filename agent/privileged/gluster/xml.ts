// What `gluster --xml` printed, as a tree of elements with its envelope read. Gluster's own XML writer never makes
// comments, CDATA, a DOCTYPE or entities of its own, so all of those are refused before the parser sees them. Some
// failures come as plain text all the same ("Connection failed. …"): that is an answer too, not garbage.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { badOutput, parseCount, quote, requireSize } from './strict-text.ts';
import { childText, onlyChild, type XmlElement } from './xml-element.ts';

export type XmlReply =
  | { kind: 'xml'; opRet: number; opErrno: number; opErrstr: string; root: XmlElement }
  | { kind: 'text'; text: string };

/** The deepest shape that Gluster prints has 7 levels; the limit keeps nonsense from growing the stack. */
const maxDepth = 32;

/**
 * Reads the standard output of any `gluster --xml` command. `what` names the command in errors. An opRet other than 0
 * is no error here: the exit code and the order of the elements say nothing, so callers look at `opRet` alone.
 * Throws `bad-output` for anything that is truncated, mixed with other text, or not Gluster's envelope.
 */
export function parseXml(text: string, what: string): XmlReply {
  requireSize(text, what);
  const trimmed = text.trim();
  if (trimmed === '') throw badOutput(`${what} printed nothing`);
  if (!trimmed.startsWith('<')) {
    if (/<\?xml|<cliOutput|<\//.test(trimmed)) throw badOutput(`${what} mixed XML with other text`);
    return { kind: 'text', text: trimmed };
  }
  const root = parseTree(trimmed, what);
  return {
    kind: 'xml',
    opRet: childText(root, 'opRet', parseReturn),
    opErrno: childText(root, 'opErrno', parseCount),
    opErrstr: onlyChild(root, 'opErrstr').text.trim(),
    root,
  };
}

function parseReturn(text: string, where: string): number {
  return text === '-1' ? -1 : parseCount(text, where);
}

function parseTree(text: string, what: string): XmlElement {
  const body = text.replace(/^<\?xml [^?<>]*\?>/, '').trimStart();
  const strange = /<[!?]|[\0\ufffd]/.exec(body);
  if (strange)
    throw badOutput(`${what} has ${quote(body.slice(strange.index, strange.index + 20))} in its XML`);
  const verdict = XMLValidator.validate(body);
  if (verdict !== true)
    throw badOutput(`${what} is not whole XML: ${verdict.err.msg} (line ${verdict.err.line})`);
  const [root, ...more] = readNodes(parseNodes(body, what), what, 0).children;
  if (root?.name !== 'cliOutput' || more.length > 0)
    throw badOutput(`${what} is XML, but not one <cliOutput>`);
  return root;
}

type Node = Record<string, unknown>;

function parseNodes(body: string, what: string): Node[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    parseTagValue: false,
    parseAttributeValue: false,
    // The five that XML itself defines; a DOCTYPE with others was refused above.
    processEntities: true,
    htmlEntities: false,
    // Or a number with a damaged digit would become a smaller one.
    trimValues: false,
  });
  try {
    return parser.parse(body) as Node[];
  } catch (cause) {
    throw badOutput(`${what} is not whole XML`, cause);
  }
}

/** Turns the parser's ordered nodes into elements; text around children is joined, as in `<brick>h:/p<name>…`. */
function readNodes(nodes: readonly Node[], what: string, depth: number): Omit<XmlElement, 'name'> {
  if (depth > maxDepth) throw badOutput(`${what} nests more than ${maxDepth} elements`);
  const children: XmlElement[] = [];
  let text = '';
  for (const node of nodes) {
    for (const [name, value] of Object.entries(node)) {
      if (name === '#text') text += String(value);
      else if (Array.isArray(value)) children.push({ name, ...readNodes(value as Node[], what, depth + 1) });
    }
  }
  return { text, children };
}

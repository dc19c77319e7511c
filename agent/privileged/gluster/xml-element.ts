// One element of Gluster's XML and the questions that parsers ask it. Children are asked for by name and count, never
// by position: Gluster prints the same elements in different orders from command to command.
import { badOutput } from './strict-text.ts';

export type XmlElement = {
  name: string;
  /** The text directly inside, white space as it stands, entities decoded. */
  text: string;
  children: readonly XmlElement[];
};

/** All children called `name`, in the order of the document. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The one child called `name`; none, or more than one, is an error. */
export function onlyChild(element: XmlElement, name: string): XmlElement {
  const child = optionalChild(element, name);
  if (!child) throw badOutput(`<${element.name}> has no <${name}>`);
  return child;
}

/** The child called `name`, or undefined; more than one is an error. */
export function optionalChild(element: XmlElement, name: string): XmlElement | undefined {
  const [child, second] = childrenOf(element, name);
  if (second) throw badOutput(`<${element.name}> has more than one <${name}>`);
  return child;
}

/** The text of the one child called `name`, read by `parse`, whose errors name the place. */
export function childText<T>(
  element: XmlElement,
  name: string,
  parse: (text: string, where: string) => T,
): T {
  const child = onlyChild(element, name);
  if (child.children.length > 0) throw badOutput(`<${name}> in <${element.name}> has elements inside`);
  return parse(child.text, `<${name}> in <${element.name}>`);
}

import { damaged } from './byte-reader.js';

/** An element of an XML document. Texts between elements are kept joined. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** Text as XML can hold it, in elements and in attributes. */
export const xmlText = (text: string): string =>
  [...text]
    .map((c) => (mayStand(c.codePointAt(0) as number) ? c : ''))
    .join('')
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Not even escaped may the others stand in XML 1.0. */
const mayStand = (code: number) =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && code < 0xd800) ||
  (code >= 0xe000 && code < 0xfffe) ||
  code >= 0x10000;

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string) =>
  text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{1,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : damaged(`the character ${whole} does not exist`);
  });

/** Deeper nesting is damage, not data. */
const DEEPEST = 100;

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads an XML document without types of its own: elements, attributes, texts, CDATA, comments, the five named entities and numbered ones. In
 * one pass, in time that grows with the text. Stops the decoder at document type declarations, at tags that do not match, and below 100 levels.
 */
export function parseXml(text: string): XmlElement {
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [root];
  let at = 0;
  const until = (end: string, from: number) => {
    const found = text.indexOf(end, from);
    return found < 0 ? damaged(`its ${end} is missing`) : found;
  };
  while (at < text.length) {
    const top = open[open.length - 1];
    const tag = text.indexOf('<', at);
    top.text += unescaped(text.slice(at, tag < 0 ? text.length : tag));
    if (tag < 0) break;
    if (text.startsWith('<!--', tag)) at = until('-->', tag + 4) + 3;
    else if (text.startsWith('<?', tag)) at = until('?>', tag + 2) + 2;
    else if (text.startsWith('<![CDATA[', tag)) {
      const end = until(']]>', tag + 9);
      top.text += text.slice(tag + 9, end);
      at = end + 3;
    } else if (text.startsWith('<!', tag)) damaged('it declares a document type');
    else if (text.startsWith('</', tag)) {
      const end = until('>', tag);
      if (open.length < 2 || text.slice(tag + 2, end).trim() !== top.name) damaged(`</${top.name}> is missing`);
      open.pop();
      at = end + 1;
    } else at = openTag(text, tag, open);
  }
  if (open.length > 1 || root.children.length !== 1) damaged('it has no single whole element');
  return root.children[0];
}

const NAME = /[^\s/>=<"']{1,200}/y;
const ATTRIBUTE = /\s+([^\s/>=<"']{1,200})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;

const matched = (pattern: RegExp, text: string, at: number) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

function openTag(text: string, tag: number, open: Open[]): number {
  const name = matched(NAME, text, tag + 1)?.[0] ?? damaged(`a tag at ${tag} has no name`);
  const attributes = new Map<string, string>();
  let at = tag + 1 + name.length;
  for (let found = matched(ATTRIBUTE, text, at); found; found = matched(ATTRIBUTE, text, at)) {
    attributes.set(found[1], unescaped(found[2] ?? found[3] ?? ''));
    at += found[0].length;
  }
  const end = matched(TAG_END, text, at) ?? damaged(`the tag ${name} at ${tag} does not end`);
  const element: Open = { name, attributes, children: [], text: '' };
  open[open.length - 1].children.push(element);
  if (!end[1]) {
    if (open.length >= DEEPEST) damaged(`it is nested deeper than ${DEEPEST} elements`);
    open.push(element);
  }
  return at + end[0].length;
}

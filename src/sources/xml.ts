/** XML read into one plain shape, with everything refused that a feed has no business to contain. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { createLineCounter } from '../lib/lines.ts';

/** An element: its children by name (prefix dropped), attributes under `@name`, own text. */
export type XmlElement = { readonly [name: string]: readonly XmlNode[] | string | undefined };
export type XmlNode = XmlElement | string;

export type XmlDocument =
  | {
      readonly kind: 'document';
      readonly name: string;
      readonly root: XmlElement;
      /** The line an element begins on; ask in document order. */
      readonly lineOf: (element: XmlElement) => number;
    }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: string };

const deepest = 64;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // The only switch under which this parser decodes `&#233;`.
  htmlEntities: true,
  // Always lists, so that one author and ten are read alike.
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  captureMetaData: true,
  // No path is asked for, and making one for each element takes a tenth of the time.
  jPath: false,
  maxNestedTags: deepest,
});
const metadata = XMLParser.getMetaDataSymbol() as unknown as string;

const refused = (line: number, reason: string): XmlDocument => ({ kind: 'refused', line, reason });

/**
 * Reads a whole document. A document type, and with it every entity of its own, is refused: no
 * format here has one, and they are what XML bombs and file disclosure are made of (ASVS 1.5.1).
 */
export const parseXml = (xml: string): XmlDocument => {
  const text = xml.replace(/\r\n?/g, '\n').trimStart();
  const leadingLines = xml.slice(0, xml.length - xml.trimStart().length).split('\n').length - 1;
  const lineAt = createLineCounter(text);
  const doctype = text.search(/<!(?:DOCTYPE|ENTITY)/i);
  if (doctype !== -1) {
    const line = leadingLines + lineAt(doctype);
    return refused(line, 'the XML declares a document type, which Paperboy does not accept');
  }
  let parsed: Record<string, unknown>;
  try {
    parsed = parser.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (/nested/i.test(message))
      return refused(1, `the XML is nested deeper than ${deepest} levels`);
    return ill(text, leadingLines) ?? refused(1, 'the XML is not well-formed');
  }
  const problem = ill(text, leadingLines);
  if (problem) return problem;
  const name = Object.keys(parsed).find((key) => !key.startsWith('?') && key !== '#text');
  const first = name === undefined ? undefined : (parsed[name] as readonly XmlNode[])[0];
  if (name === undefined || first === undefined) return refused(1, 'the XML is empty');
  const lineOf = (element: XmlElement): number => {
    const at = element[metadata] as unknown as { readonly startIndex?: number } | undefined;
    return leadingLines + lineAt(at?.startIndex ?? 0);
  };
  return { kind: 'document', name, root: typeof first === 'string' ? {} : first, lineOf };
};

const ill = (text: string, leadingLines: number): XmlDocument | undefined => {
  const verdict = XMLValidator.validate(text);
  if (verdict === true) return undefined;
  const { code, msg, line } = verdict.err;
  // InvalidXml is its code for tags still open at the end; the message would list every one of them.
  if (code === 'InvalidXml' || !text.trimEnd().endsWith('>'))
    return refused(leadingLines + line, 'the XML is cut short');
  return refused(leadingLines + line, `the XML is not well-formed: ${msg.slice(0, 200)}`);
};

export const children = (element: XmlElement, name: string): readonly XmlElement[] => {
  const found = element[name];
  if (!Array.isArray(found)) return [];
  return found.map((node: XmlNode) => (typeof node === 'string' ? { '#text': node } : node));
};

/** All texts under a name; an element without text gives an empty one. */
export const texts = (element: XmlElement, name: string): readonly string[] =>
  children(element, name).map((child) => attribute(child, '#text') ?? '');

/** The first text under a name; `undefined` when there is none or it is blank. */
export const firstText = (element: XmlElement, name: string): string | undefined =>
  texts(element, name).find((text) => text.trim() !== '');

export const attribute = (element: XmlElement, name: string): string | undefined => {
  const value = element[name];
  return typeof value === 'string' ? value : undefined;
};

/** An XML document of any kind Paperboy reads, told apart by its root element. */
import { readAtomFeed } from './arxiv-atom.ts';
import { readOaiResponse } from './arxiv-oai.ts';
import { readRssFeed } from './arxiv-rss.ts';
import type { SourceRecord } from './source-record.ts';
import { excerpt, rejected } from './source-record.ts';
import { parseXml } from './xml.ts';

/** The records of a whole document; one that cannot be read is one rejected record. */
export function* parseXmlDocument(text: string): Generator<SourceRecord> {
  if (/^\s*(?:<!doctype html|<html)/i.test(text)) {
    yield rejected(1, 'this is a web page (HTML), not data');
    return;
  }
  const document = parseXml(text);
  if (document.kind === 'refused') {
    yield rejected(document.line, document.reason);
    return;
  }
  const { name, root, lineOf } = document;
  if (name === 'feed') yield* readAtomFeed(root, lineOf);
  else if (name === 'rss') yield* readRssFeed(root, lineOf);
  else if (name === 'OAI-PMH') yield* readOaiResponse(root, lineOf);
  else {
    const reason = `XML of a kind Paperboy does not read (its root is "${excerpt(name)}")`;
    yield rejected(lineOf(root), `${reason}: Atom, RSS and OAI-PMH are read`);
  }
}

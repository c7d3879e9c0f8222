/**
 * arXiv in bulk: everything new, changed and deleted in the followed archives since the last
 * harvest, by OAI-PMH. https://info.arxiv.org/help/oa/index.html
 */
import type { Paper } from '../domain/paper.ts';
import { isArchive } from '../domain/taxonomy.ts';
import { readOaiResponse } from './arxiv-oai.ts';
import { arxivManners } from './live-arxiv.ts';
import type { LiveContext, LiveSource } from './live-source.ts';
import { askService, checkXml, dayMs, SourceError, serviceUrls } from './live-source.ts';
import type { LiveRecord } from './source-record.ts';
import { excerpt } from './source-record.ts';
import { attribute, children, firstText, parseXml, type XmlElement } from './xml.ts';

export const arxivOai: LiveSource = {
  manners: arxivManners,
  everyMs: dayMs,
  backfills: true,
  fetch: async function* (context) {
    for (const set of setsOf(context.config.categories)) yield* harvest(context, set);
  },
};

// Archives that are sets of their own; all others are sets below `physics`.
const groups = ['cs', 'econ', 'eess', 'math', 'q-bio', 'q-fin', 'stat'];

const archiveOf = (code: string): string => (isArchive(code) ? code : (code.split('.')[0] ?? code));

/** The sets that hold the followed categories, each once. */
export const setsOf = (categories: readonly string[]): readonly string[] => [
  ...new Set(
    categories.map(archiveOf).map((name) => {
      if (groups.includes(name) || name === 'physics') return name;
      return `physics:${name}`;
    }),
  ),
];

const isFollowed = (paper: Paper, categories: readonly string[]): boolean =>
  paper.categories.some((own) =>
    categories.some((code) => own === code || own.startsWith(`${code}.`)),
  );

/** Where a harvest stands: its days, and the token for its next part while that is good. */
type Place = {
  readonly from: string;
  readonly until?: string;
  readonly token?: string;
  /** When the token was given; arXiv's expire at the end of the day (UTC). */
  readonly tokenOn?: string;
  /** The server's day when the harvest began, from which the next one takes on. */
  readonly beganOn?: string;
};

async function* harvest(context: LiveContext, set: string): AsyncGenerator<LiveRecord> {
  const { range, notes, config, now } = context;
  const today = now.toISOString().slice(0, 10);
  const key = range ? `harvest:${set}:${range.from}:${range.to}` : `harvest:${set}`;
  let place = openPlace(notes.find(key), range, today);
  let restarts = 0;
  for (;;) {
    const part = await fetchPart(context, set, place);
    if (part.kind === 'expired') {
      // The days are harvested again from their start: what was taken before changes nothing.
      if (restarts++ > 0 || place.token === undefined)
        throw new SourceError(`${set}: the repository refuses its own resumption token`);
      place = withoutToken(place);
      continue;
    }
    for (const record of part.records)
      if (record.kind !== 'paper' || isFollowed(record.paper, config.categories)) yield record;
    if (part.token !== undefined && part.token === place.token)
      throw new SourceError(`${set}: the repository gives the same resumption token again`);
    const beganOn = place.beganOn ?? part.respondedOn ?? today;
    if (part.token === undefined) {
      const next: Place = { from: beganOn };
      yield { kind: 'note', key, value: range ? undefined : JSON.stringify(next) };
      return;
    }
    place = { ...withoutToken(place), beganOn, token: part.token, tokenOn: today };
    yield { kind: 'note', key, value: JSON.stringify(place) };
  }
}

const withoutToken = ({ from, until, beganOn }: Place): Place => ({
  from,
  ...(until !== undefined && { until }),
  ...(beganOn !== undefined && { beganOn }),
});

const openPlace = (note: string | undefined, range: LiveContext['range'], today: string): Place => {
  if (note !== undefined) {
    const place = JSON.parse(note) as Place;
    return place.tokenOn === today ? place : withoutToken(place);
  }
  if (range) return { from: range.from, until: range.to };
  // The first harvest takes yesterday's; more is asked for by days.
  return { from: new Date(Date.parse(today) - dayMs).toISOString().slice(0, 10) };
};

type Part =
  | {
      readonly kind: 'records';
      readonly records: readonly LiveRecord[];
      readonly token: string | undefined;
      readonly respondedOn: string | undefined;
    }
  | { readonly kind: 'expired' };

const fetchPart = async (context: LiveContext, set: string, place: Place): Promise<Part> => {
  const until = place.until === undefined ? '' : `&until=${place.until}`;
  // A token stands alone: with any other argument it is an error (OAI-PMH §3.5).
  const query = place.token
    ? `resumptionToken=${encodeURIComponent(place.token)}`
    : `metadataPrefix=arXiv&from=${place.from}${until}&set=${encodeURIComponent(set)}`;
  const { text, complaint } = await askService(
    context,
    serviceUrls(context.config.urls.arxivOai, '/oai', ''),
    `?verb=ListRecords&${query}`,
    { check: checkXml('OAI-PMH') },
  );
  if (complaint !== undefined) throw new SourceError(`${set}: ${complaint}`);
  const document = parseXml(text);
  if (document.kind === 'refused') throw new SourceError(`${set}: ${document.reason}`);
  return readPart(document.root, document.lineOf, set);
};

const readPart = (root: XmlElement, lineOf: (element: XmlElement) => number, set: string): Part => {
  const respondedOn = firstText(root, 'responseDate')?.trim().slice(0, 10);
  for (const error of children(root, 'error')) {
    const code = attribute(error, '@code') ?? 'an error without a code';
    if (code === 'badResumptionToken') return { kind: 'expired' };
    // Nothing changed in these days, which is no error.
    if (code === 'noRecordsMatch')
      return { kind: 'records', records: [], token: undefined, respondedOn };
    const says = excerpt(attribute(error, '#text') ?? '', 200);
    throw new SourceError(`${set}: the repository reports ${code}${says && `: ${says}`}`);
  }
  const token = children(root, 'ListRecords')
    .flatMap((list) => firstText(list, 'resumptionToken') ?? [])[0]
    ?.trim();
  return { kind: 'records', records: [...readOaiResponse(root, lineOf)], token, respondedOn };
};

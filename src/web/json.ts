/** The corpus as the API gives it: plain text instead of TeX, days and instants in ISO 8601. */
import { absUrl, arxivIdOf, type Paper, pdfUrl } from '../domain/paper.ts';
import { renderTex } from '../domain/tex.ts';
import type { RankedPaper } from '../domain/trend.ts';
import type { EditionRow, PaperView, TopicRow } from './deps.ts';
import { safeUrl } from './pages/format.ts';

/** `arxivId`, `url` and `pdfUrl` are null for a paper not known to be on arXiv. */
export const paperJson = (paper: Paper) => {
  const arxivId = arxivIdOf(paper) ?? null;
  return {
    id: paper.id,
    arxivId,
    title: renderTex(paper.title),
    authors: paper.authors,
    categories: paper.categories,
    publishedAt: paper.publishedAt?.toISOString() ?? null,
    listedOn: paper.listedOn ?? null,
    url: arxivId && absUrl(arxivId),
    pdfUrl: arxivId && pdfUrl(arxivId),
    codeUrl: safeUrl(paper.codeUrl) ?? null,
  };
};

export const rankedJson = ({ rank, paper, score, parts }: RankedPaper) => ({
  rank,
  ...paperJson(paper),
  score,
  parts,
});

export const topicJson = ({ slug, name, description, group, kind, query, papers }: TopicRow) => ({
  slug,
  name,
  description,
  group,
  kind,
  query,
  papers,
});

export const editionJson = ({ date, publishedAt, papers }: EditionRow) => ({
  date,
  publishedAt: publishedAt.toISOString(),
  papers,
});

export const paperViewJson = ({ paper, ranked, signals, similar, editions }: PaperView) => ({
  ...paperJson(paper),
  abstract: renderTex(paper.abstract),
  comment: paper.comment ?? null,
  summary: paper.summary ?? null,
  trending: ranked ? { rank: ranked.rank, score: ranked.score, parts: ranked.parts } : null,
  signals: signals.map(({ source, kind, observedAt, value }) => ({
    source,
    kind,
    observedAt: observedAt.toISOString(),
    value,
  })),
  similar: similar.map(paperJson),
  editions: editions.map(({ date }) => date),
});

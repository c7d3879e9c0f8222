import { describe, expect, test } from 'vitest';
import {
  isWithdrawalNote,
  mergePapers,
  type Paper,
  parseArxivVersion,
} from '../../src/domain/paper.ts';

const paper = (fields: Partial<Paper>): Paper => ({
  ...{ id: '2603.00001', title: 'Sheep', abstract: '', authors: [], categories: [] },
  ...fields,
});

const arxiv = paper({
  title: 'Sheep, Revised',
  abstract: "arXiv's words",
  authors: ['Ann One'],
  categories: ['cs.CL'],
  comment: '9 pages',
  version: 2,
  textBy: 'arxiv',
});
const huggingFace = paper({
  title: 'Sheep',
  abstract: 'Other words',
  authors: ['A. One'],
  featuredOn: '2026-03-10',
  codeUrl: 'https://github.com/example/herd',
  keywords: ['sheep'],
  organization: 'The Farm',
  summary: { text: 'In short.', by: 'huggingface' },
});

describe('who wins for which field', () => {
  test('arXiv for title, abstract, authors, categories and comment, in whichever order they come', () => {
    for (const merged of [mergePapers(arxiv, huggingFace), mergePapers(huggingFace, arxiv)])
      expect(merged).toEqual({ ...huggingFace, ...arxiv });
  });

  test('the newcomer among two of a kind', () => {
    expect(mergePapers(huggingFace, paper({ title: 'Lambs', abstract: 'Later' }))).toMatchObject({
      title: 'Lambs',
      abstract: 'Later',
      authors: ['A. One'],
    });
    const third = paper({ title: 'Sheep, Again', version: 3, textBy: 'arxiv' });
    expect(mergePapers(arxiv, third)).toMatchObject({
      title: 'Sheep, Again',
      abstract: "arXiv's words",
      version: 3,
    });
  });

  test('never an older version over a newer one, but it may fill what is missing', () => {
    const first = paper({ title: 'Draft', version: 1, textBy: 'arxiv', publishedAt: new Date(0) });
    expect(mergePapers(arxiv, first)).toEqual({ ...arxiv, publishedAt: new Date(0) });
  });

  test('the newest count of a code link, summary or keyword, and the earliest of each date', () => {
    const later = { ...huggingFace, keywords: ['lambs'], featuredOn: '2026-03-12' };
    expect(mergePapers(huggingFace, later)).toEqual({ ...later, featuredOn: '2026-03-10' });
  });
});

describe('versions and withdrawals', () => {
  test('a version is the number behind an id', () => {
    expect(parseArxivVersion('http://arxiv.org/abs/2603.00001v12')).toBe(12);
    expect(parseArxivVersion('oai:arXiv.org:math/0309136v2')).toBe(2);
    expect(parseArxivVersion('2603.00001')).toBeUndefined();
    expect(parseArxivVersion('2603.00001v0')).toBeUndefined();
  });

  test.each([
    ['This paper has been withdrawn by the author due to an error', true],
    ['The submission was withdrawn', true],
    ['Withdrawn.', true],
    ['This paper has been withdrawn from the conference', false],
    ['12 pages; an earlier version was withdrawn', false],
    ['Accepted', false],
  ])('the comment "%s" withdraws: %s', (comment, withdrawn) => {
    expect(isWithdrawalNote(comment)).toBe(withdrawn);
  });
});

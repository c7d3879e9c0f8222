import { describe, expect, it } from 'vitest';
import { findDirections } from '../../src/domain/latent.ts';
import { parseQuery, renderQuery } from '../../src/domain/query.ts';
import { suggestWord } from '../../src/domain/spelling.ts';
import { stem } from '../../src/domain/stem.ts';
import { wordsOf } from '../../src/domain/terms.ts';

describe('a stem', () => {
  // The examples of Porter's paper, one or more a step.
  it.each([
    ['caresses', 'caress'],
    ['ponies', 'poni'],
    ['cats', 'cat'],
    ['agreed', 'agre'],
    ['plastered', 'plaster'],
    ['motoring', 'motor'],
    ['conflated', 'conflat'],
    ['hopping', 'hop'],
    ['falling', 'fall'],
    ['filing', 'file'],
    ['happy', 'happi'],
    ['sky', 'sky'],
    ['relational', 'relat'],
    ['vietnamization', 'vietnam'],
    ['triplicate', 'triplic'],
    ['electrical', 'electr'],
    ['adjustable', 'adjust'],
    ['adoption', 'adopt'],
    ['probate', 'probat'],
    ['controlling', 'control'],
    ['yes', 'ye'],
    ['gpt4', 'gpt4'],
  ])('of %s is %s', (word, root) => {
    expect(stem(word)).toBe(root);
  });
});

describe('words', () => {
  it('are found in TeX, without accents, case, numbers and what tells nothing', () => {
    expect(wordsOf('The $\\alpha$-Schrödinger \\textbf{Bridges} of 2024')).toEqual(
      ['α', 'schrodinger', 'bridges'].filter((word) => word.length > 1),
    );
  });
});

describe('the directions of a matrix', () => {
  it('are orthonormal, the strongest first, and the same on every run', () => {
    // Two blocks that share no column; the first has the more weight.
    const columns: number[] = [];
    const starts = [0];
    for (let row = 0; row < 30; row += 1) {
      columns.push(...(row % 3 === 0 ? [3, 4, 5] : [0, 1, 2]));
      starts.push(columns.length);
    }
    const rows = {
      starts: Uint32Array.from(starts),
      columns: Uint16Array.from(columns),
      values: Float32Array.from(columns, () => 1),
    };
    const options = { columns: 6, dims: 2, iterations: 4 };
    const basis = findDirections(rows, options);
    const column = (d: number) => Array.from({ length: 6 }, (_, c) => basis[c * 2 + d] ?? 0);
    const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
    expect(dot(column(0), column(0))).toBeCloseTo(1, 4);
    expect(dot(column(0), column(1))).toBeCloseTo(0, 4);
    expect(Math.abs(column(0)[0] ?? 0)).toBeCloseTo(1 / Math.sqrt(3), 4);
    expect(Math.abs(column(1)[4] ?? 0)).toBeCloseTo(1 / Math.sqrt(3), 4);
    expect(findDirections(rows, options)).toEqual(basis);
  });
});

describe('a misspelt word', () => {
  const known = [
    { word: 'gaussian', frequency: 900 },
    { word: 'graph', frequency: 800 },
    { word: 'grape', frequency: 6 },
    { word: 'rare', frequency: 1 },
  ];
  it('is taken for the nearest that is used, swapped letters counting once', () => {
    expect(suggestWord('gausian', known)).toBe('gaussian');
    expect(suggestWord('grpah', known)).toBe('graph');
    expect(suggestWord('grap', known)).toBe('graph');
    expect(suggestWord('rara', known)).toBeUndefined();
    expect(suggestWord('zebra', known)).toBeUndefined();
  });
});

describe('likeness in the query language', () => {
  it('names an arXiv id, and says where it does not', () => {
    expect(parseQuery('like:2405.12345v2 cat:cs.CL')).toMatchObject({
      query: { of: [{ kind: 'like', id: '2405.12345' }, { kind: 'category' }] },
    });
    expect(parseQuery('bees like:honey')).toMatchObject({ fault: { position: 10 } });
  });

  it('is written back as it was read', () => {
    for (const text of ['a (b OR "c d") -e cat:cs.CL', 'like:2405.12345 author:"A B"']) {
      const parsed = parseQuery(text);
      expect(parsed.kind === 'ok' && renderQuery(parsed.query)).toBe(text);
    }
  });
});

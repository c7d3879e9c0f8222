import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestQuery, mostTerms, parseQuery, type Query } from '../../src/domain/query.ts';
import { anyText } from '../any-text.ts';

const queryOf = (text: string): Query => {
  const outcome = parseQuery(text);
  if (outcome.kind === 'fault') throw new Error(`${text}: ${outcome.fault.message}`);
  return outcome.query;
};

const faultOf = (text: string) => {
  const outcome = parseQuery(text);
  if (outcome.kind === 'ok') throw new Error(`${text} was read`);
  return outcome.fault;
};

const word = (text: string): Query => ({ kind: 'word', text });
const all = (...of: Query[]): Query => ({ kind: 'all', of });
const any = (...of: Query[]): Query => ({ kind: 'any', of });
const not = (of: Query): Query => ({ kind: 'not', of });
const category = (code: string): Query => ({ kind: 'category', code });
const author = (name: string): Query => ({ kind: 'author', name });
const phrase = (text: string): Query => ({ kind: 'phrase', text });

describe('the query language', () => {
  const readings: readonly (readonly [string, Query])[] = [
    ['robot', word('robot')],
    ['robot arm', all(word('robot'), word('arm'))],
    ['robot AND arm', all(word('robot'), word('arm'))],
    ['robot, arm; hand', all(word('robot'), word('arm'), word('hand'))],
    ['"robot  arm"', phrase('robot arm')],
    ['“robot arm”', phrase('robot arm')],
    ['cat:cs.CL', category('cs.CL')],
    ['cat:CS.cl', category('cs.CL')],
    ['category:cs', category('cs')],
    ['author:lecun', author('lecun')],
    ['au:"Yann LeCun"', author('Yann LeCun')],
    ['author:"Yann LeCun" cat:cs.LG', all(author('Yann LeCun'), category('cs.LG'))],
    ['robot -arm', all(word('robot'), not(word('arm')))],
    ['robot -"soft arm"', all(word('robot'), not(phrase('soft arm')))],
    ['robot -cat:cs.RO', all(word('robot'), not(category('cs.RO')))],
    ['robot -(arm OR hand)', all(word('robot'), not(any(word('arm'), word('hand'))))],
    ['a OR b c', any(word('a'), all(word('b'), word('c')))],
    ['(a OR b) c', all(any(word('a'), word('b')), word('c'))],
    ['a | b || c', any(word('a'), word('b'), word('c'))],
    ['or not and', all(word('or'), word('not'), word('and'))],
    ['state-of-the-art', word('state-of-the-art')],
    ['cost – benefit', all(word('cost'), word('benefit'))],
    ['a - b', all(word('a'), word('b'))],
    ['ＣＯ₂', word('CO2')],
    ['(((robot)))', word('robot')],
    ['BERT: pre-training', all(word('BERT:'), word('pre-training'))],
    ['in a title: robots', all(word('in'), word('a'), word('title:'), word('robots'))],
    ['train:test', word('train:test')],
    ['https://arxiv.org/abs/2405.12345', word('https://arxiv.org/abs/2405.12345')],
    ['arXiv:2405.12345', word('arXiv:2405.12345')],
    ['10:30', word('10:30')],
    ['NOT', word('NOT')],
    ['IS NOT ALL', all(word('IS'), word('NOT'), word('ALL'))],
    ['"NOT a robot"', phrase('NOT a robot')],
  ];
  test.each(readings)('reads %s', (text, query) => {
    expect(queryOf(text)).toEqual(query);
  });

  const faults: readonly (readonly [string, number, RegExp])[] = [
    ['', 0, /no word/],
    [' ,; ', 0, /no word/],
    ['robot "arm', 6, /never closed/],
    ['robot ""', 6, /holds no word/],
    ['robot "…"', 6, /holds no word/],
    ['robot cat:', 6, /cat: needs a value/],
    ['author: robot', 0, /author: needs a value/],
    ['robot author:"x', 13, /never closed/],
    ['robot cat:cs.XX', 10, /no category "cs.XX"/],
    ['(robot', 0, /never closed/],
    ['a (robot OR (b)', 2, /never closed/],
    ['robot)', 5, /closes nothing/],
    [')', 0, /closes nothing/],
    ['robot ()', 7, /missing here/],
    ['robot OR', 6, /both sides/],
    ['OR robot', 0, /both sides/],
    ['a OR OR b', 2, /both sides/],
    ['a (OR b)', 3, /both sides/],
    ['-robot', 0, /only exclusions/],
    ['a OR -b', 5, /only exclusions/],
    ['a (-b -c)', 3, /only exclusions/],
    ['a --b', 2, /excludes nothing/],
    ['robot title:arm', 6, /no field "title:" .*cat:, author: and like:/],
    ...['ti', 'abstract', 'abs', 'id', 'year', 'date', 'topic', 'authors'].map(
      (name) => [`-${name}:2024`, 1, new RegExp(`no field "${name}:"`)] as const,
    ),
    ['robot maker:"Ada Lim"', 6, /no field "maker:"/],
    ['robot NOT arm', 6, /write a minus .*, -arm$/],
    ['robot ANDNOT (arm OR leg)', 6, /write a minus .*, -\(…$/],
  ];
  test.each(faults)('says where %s goes wrong', (text, position, message) => {
    const fault = faultOf(text);
    expect(fault.position).toBe(position);
    expect(fault.message).toMatch(message);
  });

  test('has bounds, and says which term or parenthesis goes beyond them', () => {
    expect(faultOf('x'.repeat(longestQuery + 1)).position).toBe(longestQuery);
    expect(queryOf('x'.repeat(longestQuery)).kind).toBe('word');
    expect(queryOf('x '.repeat(mostTerms)).kind).toBe('all');
    expect(faultOf('x '.repeat(mostTerms + 1)).position).toBe(2 * mostTerms);
    expect(queryOf(`${'('.repeat(10)}x${')'.repeat(10)}`)).toEqual(word('x'));
    expect(faultOf(`${'('.repeat(11)}x${')'.repeat(11)}`)).toMatchObject({
      message: expect.stringContaining('too deeply'),
      position: 11,
    });
  });

  test('makes a query or a fault within the text out of any text whatever', () => {
    const syntax = fc.constantFrom('"', '(', ')', '-', 'OR', 'cat:', 'author:', ' ', 'cs.CL', 'x');
    const text = fc.oneof(
      anyText(300),
      fc.array(syntax, { maxLength: 120 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        const outcome = parseQuery(source);
        if (outcome.kind === 'ok') return;
        expect(outcome.fault.position).toBeGreaterThanOrEqual(0);
        expect(outcome.fault.position).toBeLessThanOrEqual(source.length);
        expect(outcome.fault.message).not.toBe('');
      }),
      { numRuns: 1_000 },
    );
  });
});

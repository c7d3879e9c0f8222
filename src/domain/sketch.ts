/**
 * Sketches of papers, by which near-identical ones are found without reading them again: min-wise
 * hashing (Broder, On the resemblance and containment of documents, SEQUENCES 1997).
 */
import { hash32, wordsOf } from './text-features.ts';

const places = 24;
/** Two papers alike in this many places share about three words of four. */
const alikeFrom = 16;

/** 24 numbers of 16 bits. Papers whose sketches agree in many places share most of their words. */
export const sketchOf = (paper: {
  readonly title: string;
  readonly abstract: string;
}): Uint16Array => {
  const least = new Uint32Array(places).fill(0xffffffff);
  // Without an abstract only a title that is the very same makes two papers one.
  const words =
    paper.abstract === ''
      ? [`title ${wordsOf(paper.title).join(' ')}`]
      : wordsOf(`${paper.title} ${paper.abstract}`);
  for (const word of new Set(words)) {
    const hash = hash32(word);
    for (let i = 0; i < places; i += 1) {
      // Multiplying by odd numbers and mixing gives as many orders of the same words.
      let mixed = Math.imul(hash ^ (i * 0x9e3779b9), 0x85ebca6b + 2 * i);
      mixed = (mixed ^ (mixed >>> 13)) >>> 0;
      if (mixed < (least[i] ?? 0)) least[i] = mixed;
    }
  }
  return Uint16Array.from(least, (hash) => hash & 0xffff);
};

export const isNearIdentical = (a: Uint16Array, b: Uint16Array): boolean => {
  let same = 0;
  for (let i = 0; i < places; i += 1) if (a[i] === b[i]) same += 1;
  return same >= alikeFrom;
};

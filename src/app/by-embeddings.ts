/**
 * The first hits ordered anew by an endpoint's vectors, where most of them have one. Who belongs to
 * a topic is never asked of them: an endpoint may be gone tomorrow.
 */
import { findEmbedding, hasEmbeddings } from '../db/embeddings.ts';
import type { Db } from '../db/open.ts';
import { findPaper } from '../db/papers.ts';
import type { Hit } from '../db/search.ts';

const reordered = 200;
/** The hits that say what is meant, as in the local feedback. */
const teachers = 10;
/** With fewer vectors than this share the local order stands. */
const leastCovered = 0.8;

/** Hits with half of their score from the vectors' cosine; `like` names the paper asked about. */
export const byEmbeddings = (db: Db, hits: readonly Hit[], like?: string): readonly Hit[] => {
  if (hits.length < 2 || !hasEmbeddings(db)) return hits;
  const head = hits.slice(0, reordered);
  const vectors = head.map((hit) => findEmbedding(db, hit.number));
  const known = vectors.filter((vector) => vector !== undefined);
  const paper = like === undefined ? undefined : findPaper(db, like);
  const own = paper && findEmbedding(db, paper.number);
  if (known.length < head.length * leastCovered || (paper && !own)) return hits;
  const target = own ?? meanOf(known.slice(0, teachers));
  const cosines = vectors.map((vector) => (vector ? Math.max(0, dot(vector, target)) : undefined));
  const top = Math.max(...cosines.map((cosine) => cosine ?? 0)) || 1;
  const best = head[0]?.score ?? 1;
  const again = head.map(({ number, score }, i) => {
    const cosine = cosines[i];
    const near = cosine === undefined ? score : (best * cosine) / top;
    return { number, score: Math.round((score + near) * 5e3) / 1e4 };
  });
  return [...again, ...hits.slice(reordered)].sort((a, b) => b.score - a.score);
};

const meanOf = (vectors: readonly Float32Array[]): Float32Array => {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let d = 0; d < mean.length; d += 1) mean[d] = (mean[d] ?? 0) + (vector[d] ?? 0);
  return mean;
};

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let d = 0; d < a.length; d += 1) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
};

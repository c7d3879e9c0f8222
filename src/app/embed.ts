/** Fetching better vectors in the background. Nothing waits for them. */
import { insertEmbeddings, listUnembedded } from '../db/embeddings.ts';
import type { Db } from '../db/open.ts';
import { foldText } from '../domain/tex.ts';
import { type EmbeddingsEndpoint, fetchEmbeddings } from '../sources/embeddings.ts';

/** Papers a request. */
const batchSize = 64;
// Some endpoints refuse what is longer than their model reads: 512 to 8,192 tokens.
const longestText = 2_000;

/** Embeds papers that have no vector, the newest first; returns how many. Throws on failure. */
export const embedNewPapers = async (
  db: Db,
  endpoint: EmbeddingsEndpoint,
  signal: AbortSignal,
): Promise<number> => {
  let embedded = 0;
  while (!signal.aborted) {
    const papers = listUnembedded(db, endpoint.model, batchSize);
    if (papers.length === 0) break;
    const texts = papers.map(({ title, abstract }) =>
      foldText(`${title}. ${abstract}`).slice(0, longestText),
    );
    const vectors = await fetchEmbeddings(endpoint, texts, signal);
    insertEmbeddings(
      db,
      endpoint.model,
      papers.flatMap(({ number }, i) => {
        const vector = vectors[i];
        return vector ? [{ number, vector }] : [];
      }),
    );
    embedded += papers.length;
  }
  return embedded;
};

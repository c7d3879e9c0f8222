/**
 * Vectors from an endpoint that speaks OpenAI's embeddings protocol: POST `{model, input}` to
 * `…/embeddings`, answered by `{data: [{index, embedding}]}`.
 */
import { z } from 'zod';

export type EmbeddingsEndpoint = {
  /** Up to and without `/embeddings`, such as `https://api.example.org/v1`. */
  readonly url: string;
  readonly model: string;
  readonly key?: string;
};

const timeoutMs = 60_000;

const answer = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()).min(1) })),
});

/** One vector of length 1 a text, in their order; throws when the endpoint gives anything else. */
export const fetchEmbeddings = async (
  { url, model, key }: EmbeddingsEndpoint,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly Float32Array[]> => {
  const response = await fetch(`${url}/embeddings`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(key && { Authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    // A key is for this host alone.
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`the embeddings endpoint answered ${response.status}`);
  const { data } = answer.parse(await response.json());
  const vectors = new Map(data.map(({ index, embedding }) => [index, unit(embedding)]));
  const size = vectors.get(0)?.length;
  return texts.map((_, index) => {
    const vector = vectors.get(index);
    if (!vector || vector.length !== size)
      throw new Error('the embeddings endpoint left out a text or changed its dimensions');
    return vector;
  });
};

const unit = (numbers: readonly number[]): Float32Array => {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (value) => value / length);
};

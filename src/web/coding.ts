/** Which content coding a caller gets, as RFC 9110 §12.5.3 says. */

export const codings = ['br', 'gzip', 'identity'] as const;
export type Coding = (typeof codings)[number];

/**
 * The best of our codings that `Accept-Encoding` allows. Without the header nothing is compressed;
 * of codings liked equally the smaller wins. Where it forbids even `identity`, that is sent all the
 * same: better read than refused.
 */
export const chooseCoding = (header: string | undefined): Coding => {
  if (header === undefined) return 'identity';
  const known = remembered.get(header);
  if (known) return known;
  const chosen = choose(parseWeights(header));
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(header, chosen);
  return chosen;
};

// Callers send the same few headers over and over.
const mostRemembered = 100;
const remembered = new Map<string, Coding>();

const choose = (weights: ReadonlyMap<string, number>): Coding => {
  const other = weights.get('*');
  // Unless spoken of, identity is acceptable, and liked least.
  const weightOf = (coding: Coding): number =>
    weights.get(coding) ?? other ?? (coding === 'identity' ? 0.0001 : 0);
  const [best] = codings.toSorted((a, b) => weightOf(b) - weightOf(a));
  return best !== undefined && weightOf(best) > 0 ? best : 'identity';
};

const parseWeights = (header: string): ReadonlyMap<string, number> =>
  new Map(
    header.split(',').flatMap((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
      if (name === '') return [];
      const weight = parameters.find((text) => text.startsWith('q='))?.slice(2);
      const parsed = weight === undefined ? 1 : Number(weight);
      return [[name === 'x-gzip' ? 'gzip' : name, Number.isNaN(parsed) ? 0 : parsed] as const];
    }),
  );

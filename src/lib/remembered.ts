/** What `make` made for a key the last time; of `most` kept, the one made first goes. */
export const remembered = <K, T>(known: Map<K, T>, most: number, key: K, make: () => T): T => {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size >= most)
    for (const first of known.keys()) {
      known.delete(first);
      break;
    }
  known.set(key, made);
  return made;
};

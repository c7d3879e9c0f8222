/** Rows of an owner and something of theirs, gathered by owner. */
export const gather = <T>(
  rows: readonly (readonly [owner: number, item: T])[],
): ReadonlyMap<number, readonly T[]> => {
  const gathered = new Map<number, T[]>();
  for (const [owner, item] of rows) {
    const known = gathered.get(owner);
    if (known) known.push(item);
    else gathered.set(owner, [item]);
  }
  return gathered;
};

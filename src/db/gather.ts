/** Rows of an owner and a text, as the texts of each owner. */
export const gather = (
  rows: readonly (readonly [owner: number, text: string])[],
): ReadonlyMap<number, readonly string[]> => {
  const gathered = new Map<number, string[]>();
  for (const [owner, text] of rows) {
    const known = gathered.get(owner);
    if (known) known.push(text);
    else gathered.set(owner, [text]);
  }
  return gathered;
};

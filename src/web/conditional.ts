/** Conditional requests as RFC 9110 §13 says. */

export type Validators = { readonly etag: string; readonly lastModified?: Date };

export type Conditions = {
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
};

/**
 * Whether the caller's copy is still good, so that 304 answers. `If-None-Match` decides alone when
 * it is there (§13.2.2), comparing weakly (§13.1.2); `If-Modified-Since` counts in whole seconds
 * and is ignored when it is no date (§13.1.3).
 */
export const isFresh = (conditions: Conditions, current: Validators): boolean => {
  const { ifNoneMatch, ifModifiedSince } = conditions;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch === current.etag || ifNoneMatch.trim() === '*') return true;
    return listTags(ifNoneMatch).includes(opaque(current.etag));
  }
  if (ifModifiedSince === undefined || current.lastModified === undefined) return false;
  const since = Date.parse(ifModifiedSince);
  return Math.floor(current.lastModified.getTime() / 1000) * 1000 <= since;
};

// A comma may stand inside a tag's quotes, so the list is matched, not split.
const listTags = (header: string): readonly string[] =>
  (header.match(/(?:W\/)?"[^"]*"/g) ?? []).map(opaque);

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/** What people write who know another search better, and what to write here instead. */

// Fields of arXiv's own search and of the usual catalogues. A colon alone makes no field: titles,
// addresses and times hold some.
const fieldsElsewhere = new Set(
  (
    'title ti abstract abs id ids arxiv_id all year date month day before after since until ' +
    'category categories cats topic topics authors keyword keywords tag tags subject subjects ' +
    'venue journal comment comments co jr rn submitted published'
  ).split(' '),
);

/** What is wrong with the word a text begins with, when it belongs to another language than ours. */
export const slipOf = (text: string): string | undefined => {
  const [, field, quote] = /^([a-z_]+):(?:(["“”])|[\p{L}\p{N}])/u.exec(text) ?? [];
  if (field !== undefined && (quote !== undefined || fieldsElsewhere.has(field)))
    return `there is no field "${field}:" (the fields are cat:, author: and like:; words are looked for in title and abstract)`;
  const [, excluded] = /^(?:AND)?NOT\s+([^\s()"“”,;]+|["“”(])/.exec(text) ?? [];
  // In a title all in capitals it is a word like any other.
  if (excluded === undefined || /^\p{Lu}{2,}$/u.test(excluded)) return undefined;
  const example = /^["“”(]/.test(excluded) ? `-${excluded}…` : `-${excluded}`;
  return `NOT excludes nothing here: write a minus before what must not be there, ${example}`;
};

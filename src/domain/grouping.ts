/**
 * When a digest reads better by topic. The best paper leads, whatever its topic. Of the others, those
 * of one topic stand together under its name, once there are enough to make sections of: six papers
 * in all, and two topics with two or more of the others. Topics with a single paper come last,
 * together.
 */
const leastPapers = 6;
const leastInGroup = 2;
const leastGroups = 2;

type OfTopic = { readonly topic: number };

/** What stands above a paper: the name of its topic, or that what follows is of several. */
export type Heading =
  | { readonly kind: 'topic'; readonly topic: number }
  | { readonly kind: 'rest' };

/** Papers, best first, in the order they are shown. */
export const groupByTopic = <T extends OfTopic>(papers: readonly T[]): readonly T[] => {
  const groups = groupsOf(papers);
  if (!groups) return papers;
  const [lead, ...others] = papers;
  const grouped = [...groups].flatMap((topic) => others.filter((paper) => paper.topic === topic));
  const rest = others.filter((paper) => !groups.has(paper.topic));
  return [...(lead ? [lead] : []), ...grouped, ...rest];
};

/** The heading above each paper of a digest in the order shown, where one stands above it. */
export const headingsOf = (papers: readonly OfTopic[]): readonly (Heading | undefined)[] => {
  const groups = groupsOf(papers);
  const sectionOf = (index: number): number | 'rest' | undefined => {
    const topic = papers[index]?.topic;
    if (index < 1 || topic === undefined) return undefined;
    return groups?.has(topic) ? topic : 'rest';
  };
  const headings = papers.map((_, index): Heading | undefined => {
    const section = sectionOf(index);
    if (!groups || section === undefined || section === sectionOf(index - 1)) return undefined;
    return section === 'rest' ? { kind: 'rest' } : { kind: 'topic', topic: section };
  });
  // Papers that were not put in this order: a name that stood above two runs would say nothing.
  const names = headings.flatMap((heading) =>
    heading ? [heading.kind === 'topic' ? heading.topic : 'rest'] : [],
  );
  return new Set(names).size === names.length ? headings : papers.map(() => undefined);
};

/** The topics that make a section, in the order of their best paper; `undefined` for no sections. */
const groupsOf = (papers: readonly OfTopic[]): ReadonlySet<number> | undefined => {
  if (papers.length < leastPapers) return undefined;
  const counts = new Map<number, number>();
  for (const { topic } of papers.slice(1)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const groups = [...counts].flatMap(([topic, count]) => (count >= leastInGroup ? topic : []));
  return groups.length >= leastGroups ? new Set(groups) : undefined;
};

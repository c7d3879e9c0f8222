/**
 * When a digest reads better by topic. The best paper leads, whatever its topic. Of the others, those
 * of one topic stand together under its name, once there are enough to make sections of: six papers
 * in all, and two topics with two or more of the others. Topics with a single paper come last,
 * together.
 */
const leastPapers = 6;
const leastInGroup = 2;
const leastGroups = 2;

/** A topic's number, or its name. */
type Topic = number | string;
type OfTopic = { readonly topic: Topic };

/** What stands above a paper: the name of its topic, or that what follows is of several. */
export type Heading<T extends Topic = Topic> =
  | { readonly kind: 'topic'; readonly topic: T }
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
export const headingsOf = <T extends Topic>(
  papers: readonly { readonly topic: T }[],
): readonly (Heading<T> | undefined)[] => {
  const groups = groupsOf(papers);
  if (!groups) return noneOf(papers);
  const headings: (Heading<T> | undefined)[] = [undefined];
  const sections = new Set<T | undefined>();
  let before: T | undefined;
  for (const { topic } of papers.slice(1)) {
    const section = groups.has(topic) ? topic : undefined;
    if (sections.size > 0 && section === before) headings.push(undefined);
    else {
      // Not put in this order: a name that stood above two runs would say nothing.
      if (sections.has(section)) return noneOf(papers);
      sections.add(section);
      headings.push(section === undefined ? { kind: 'rest' } : { kind: 'topic', topic: section });
    }
    before = section;
  }
  return headings;
};

/**
 * Where a paper's topic is known without being said: below its name, and everywhere in the digest of
 * a reader who asked for no other.
 */
export const whereNamed = (
  headings: readonly (Heading | undefined)[],
  topicsAsked: number,
): readonly boolean[] => {
  let isBelow = false;
  return headings.map((heading) => {
    if (heading) isBelow = heading.kind === 'topic';
    return isBelow || topicsAsked === 1;
  });
};

const noneOf = (papers: readonly unknown[]): readonly undefined[] => papers.map(() => undefined);

/** The topics that make a section, in the order of their best paper; `undefined` for no sections. */
const groupsOf = (papers: readonly OfTopic[]): ReadonlySet<Topic> | undefined => {
  if (papers.length < leastPapers) return undefined;
  const others = papers.slice(1).map(({ topic }) => topic);
  const groups = new Set<Topic>();
  for (const topic of others)
    if (!groups.has(topic) && countIn(others, topic) >= leastInGroup) groups.add(topic);
  return groups.size >= leastGroups ? groups : undefined;
};

// A digest has few papers, and each mail asks: a map of counts takes longer to make.
const countIn = (topics: readonly Topic[], wanted: Topic): number => {
  let count = 0;
  for (const topic of topics) if (topic === wanted) count += 1;
  return count;
};

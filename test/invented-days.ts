/** Papers and observations that never were, as the JSONL people import. */

export type InventedPaper = {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly listedOn: string;
  /** What the second observation of its day counts; the first counts a third. */
  readonly upvotes: number;
};

// Words of its own, or a list would take it for a near copy of the others.
const wordsOf = (id: string): string =>
  ['plot', 'bed', 'row', 'path', 'pond', 'gate', 'wall', 'tree', 'seed', 'rain', 'leaf', 'root']
    .map((word) => word + id.slice(-5))
    .join(' ');

const rows = (paper: InventedPaper): readonly object[] => [
  {
    arxivId: paper.id,
    title: paper.title,
    abstract: `${paper.title} is told here at length. Nothing in it was ever measured. ${wordsOf(paper.id)}`,
    authors: ['Ada Example', 'Bo Sample'],
    categories: [paper.category],
    publishedAt: `${paper.listedOn}T00:00:00Z`,
    listedOn: paper.listedOn,
  },
  ...[
    { observedAt: `${paper.listedOn}T03:00:00Z`, value: Math.ceil(paper.upvotes / 3) },
    { observedAt: `${paper.listedOn}T05:00:00Z`, value: paper.upvotes },
  ].map((seen) => ({
    arxivId: paper.id,
    source: 'huggingface',
    kind: 'upvotes',
    listedOn: paper.listedOn,
    ...seen,
  })),
];

/** One row a line: each paper, followed by two observations of it. */
export const toJsonl = (papers: readonly InventedPaper[]): string =>
  papers
    .flatMap(rows)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');

const papersOf = (
  listedOn: string,
  firstNumber: number,
  list: readonly (readonly [title: string, category: string, upvotes: number])[],
): readonly InventedPaper[] =>
  list.map(([title, category, upvotes], index) => ({
    id: `2603.${firstNumber + index}`,
    title,
    category,
    listedOn,
    upvotes,
  }));

export const tuesday = papersOf('2026-03-17', 10001, [
  ['Whispering to Large Parrots', 'cs.CL', 90],
  ['A Grammar of Shopping Lists', 'cs.CL', 60],
  ['Translating Birdsong into Train Announcements', 'cs.CL', 30],
  ['Counting Every "um" in Parliament', 'cs.CL', 20],
  ['Lullabies for Tired Tokenizers', 'cs.CL', 10],
  ['A Robot That Waters Ferns', 'cs.RO', 80],
  ['Gloves for Mechanical Hands', 'cs.RO', 15],
]);

export const wednesday = papersOf('2026-03-18', 10101, [
  ['Proverbs Bend but Do Not Break', 'cs.CL', 70],
  ['Dictionaries That Forget on Purpose', 'cs.CL', 25],
  ['Walking Upstairs in the Dark', 'cs.RO', 40],
]);

/** Choosing one reader's papers from the ranked lists of their topics. */

/** One line of a topic's ranked list; `paper` is the corpus's own number for the paper. */
export type ListEntry = {
  readonly paper: number;
  readonly score: number;
  /** The paper whose likeness moved it up, where a reader's reaction did. */
  readonly like?: number;
};

export type TopicList = {
  readonly topic: number;
  /** Best first. */
  readonly entries: readonly ListEntry[];
};

export type Choice = {
  readonly paper: number;
  readonly score: number;
  /** The topic that brought it. */
  readonly topic: number;
  readonly like?: number;
};

export type PaperSet = { readonly has: (paper: number) => boolean };

const nothing: PaperSet = { has: () => false };

/**
 * The best unseen papers of a reader's topics, shared fairly: in each round every topic, in the
 * reader's order, gives its best paper not seen and not yet taken, until `limit` is reached or all
 * lists are spent. What is muted wins over every topic: it is never chosen. A topic with little to offer leaves its room to the others. The choice comes
 * back best score first; equal scores keep the order of the rounds.
 */
export const chooseDigest = (
  lists: readonly TopicList[],
  seen: PaperSet,
  limit: number,
  muted: PaperSet = nothing,
): readonly Choice[] => {
  const taken = new Set<number>();
  const choices: Choice[] = [];
  const isOut = (paper: number): boolean => taken.has(paper) || seen.has(paper) || muted.has(paper);
  let queues = lists.map((list) => ({ list, next: 0 }));
  while (queues.length > 0 && choices.length < limit) {
    for (const queue of queues) {
      if (choices.length >= limit) break;
      const entry = next(queue, isOut);
      if (!entry) continue;
      taken.add(entry.paper);
      const { paper, score, like } = entry;
      choices.push({ paper, score, topic: queue.list.topic, ...(like !== undefined && { like }) });
    }
    queues = queues.filter((queue) => queue.next < queue.list.entries.length);
  }
  return choices.sort((a, b) => b.score - a.score);
};

const next = (
  queue: { readonly list: TopicList; next: number },
  isOut: (paper: number) => boolean,
): ListEntry | undefined => {
  for (;;) {
    const entry = queue.list.entries[queue.next];
    if (!entry) return undefined;
    queue.next += 1;
    if (!isOut(entry.paper)) return entry;
  }
};

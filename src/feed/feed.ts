/** What every feed format is made from. */

export type FeedItem = {
  /** Never changes for the same paper. */
  readonly id: string;
  readonly url: string;
  readonly title: string;
  /** What to read at a glance, as plain text. */
  readonly summary: string;
  /** Made by us, every value in it escaped; well-formed as XHTML too. */
  readonly html: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly date: Date;
};

export type Feed = {
  readonly title: string;
  readonly description: string;
  /** The page this feed belongs to. */
  readonly pageUrl: string;
  /** The feed's own address in the format asked for. */
  readonly selfUrl: string;
  /** A WebSub hub that is told of news here. */
  readonly hubUrl?: string;
  /** When its newest item is from; never the wall clock, so that the same data gives the same bytes. */
  readonly updatedAt: Date;
  readonly items: readonly FeedItem[];
};

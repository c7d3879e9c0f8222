/** What a reader wants more of, and what less. */
export type ReactionKind = 'more' | 'less';

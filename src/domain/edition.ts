/** What an edition tells of: what is trending at one moment, or what the seven days before it were. */
export type EditionKind = 'day' | 'week';

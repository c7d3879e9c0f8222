import type { TopicRow, WebDeps } from './deps.ts';

/**
 * A topic of the catalogue. Readers' own queries are topics too, under slugs anybody could guess:
 * they are as unknown here as one that nobody has, or an answer would tell what readers follow.
 */
export const findPublicTopic = (
  deps: Pick<WebDeps, 'findTopic'>,
  slug: string,
): TopicRow | undefined => {
  const topic = deps.findTopic(slug);
  return topic?.kind === 'own' ? undefined : topic;
};

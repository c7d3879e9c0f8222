import { eq, sql } from 'drizzle-orm';
import { builtInTopics, ownTopic, type Topic } from '../domain/topic.ts';
import { type Db, inTransaction } from './open.ts';
import { topics } from './schema.ts';
import { subscribers, subscriptions } from './schema-readers.ts';

export type StoredTopic = Topic & { readonly id: number };

/** Writes the built-in topics as this version knows them; readers' own queries stay. */
export const syncTopics = (db: Db): void => {
  const known = new Map(listAllTopics(db).map((topic) => [topic.slug, topic]));
  const changed = builtInTopics().filter((topic) => {
    const row = known.get(topic.slug);
    return (
      !row ||
      row.name !== topic.name ||
      row.query !== topic.query ||
      row.description !== topic.description ||
      row.group !== topic.group
    );
  });
  if (changed.length > 0)
    inTransaction(db, () => changed.forEach((topic) => void writeTopic(db, topic)));
};

const writeTopic = (db: Db, topic: Topic): void => {
  const { name, description, group, kind, query } = topic;
  db.insert(topics)
    .values(topic)
    .onConflictDoUpdate({ target: topics.slug, set: { name, description, group, kind, query } })
    .run();
};

const listAllTopics = (db: Db): readonly StoredTopic[] => db.select().from(topics).all();

/** The catalogue: themes, then categories, in the order they were written. */
export const listCatalogue = (db: Db): readonly StoredTopic[] =>
  db.select().from(topics).where(sql`${topics.kind} <> 'own'`).orderBy(topics.id).all();

/** A topic under its slug; a category's slug is found in any case. */
export const findTopic = (db: Db, slug: string): StoredTopic | undefined =>
  db.select().from(topics).where(eq(topics.slug, slug)).get() ??
  db
    .select()
    .from(topics)
    .where(sql`lower(${topics.slug}) = ${slug.toLowerCase()} and ${topics.kind} = 'category'`)
    .get();

/** The topic of a reader's own query, made when it is new. */
export const ensureOwnTopic = (db: Db, query: string): StoredTopic => {
  const topic = ownTopic(query);
  db.insert(topics).values(topic).onConflictDoNothing().run();
  return db.select().from(topics).where(eq(topics.slug, topic.slug)).get() as StoredTopic;
};

/** Every topic some active reader has subscribed to. Each is asked until its first such reader. */
export const listTopicsInUse = (db: Db): readonly StoredTopic[] =>
  db
    .select()
    .from(topics)
    .where(
      sql`exists (select 1 from ${subscriptions} cross join ${subscribers}
        on ${subscribers.id} = ${subscriptions.subscriberId}
        where ${subscriptions.topicId} = ${topics.id} and ${subscribers.status} = 'active')`,
    )
    .orderBy(topics.id)
    .all();

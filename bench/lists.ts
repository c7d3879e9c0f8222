/**
 * How long do the lists of 200 topics take, from a database just opened? The reference: reading
 * every paper of the corpus once.
 */
import { rankCorpus, selectTopic } from '../src/app/ranking.ts';
import { listPapers } from '../src/db/papers.ts';
import { listCatalogue } from '../src/db/topics.ts';
import { parseQuery } from '../src/domain/query.ts';
import { timed, withCorpus } from './data.ts';

const asOf = new Date('2026-03-31T18:00:00Z');

await withCorpus(({ db, reopen }) => {
  // The month's model is learned and every paper met once: what a service has at any hour.
  const warming = timed(() => rankCorpus(db, asOf));
  const other = reopen();
  const ids = other.$client.prepare('select id from papers').pluck().all() as number[];
  const reference = timed(() => listPapers(other, ids));
  const cold = reopen();
  const topics = listCatalogue(cold).slice(0, 200);
  const ranked = timed(() => rankCorpus(cold, asOf));
  const lists = timed(() =>
    topics.map((topic) => {
      const parsed = parseQuery(topic.query);
      const query = parsed.kind === 'ok' ? parsed.query : undefined;
      return selectTopic(cold, ranked.value, query, 100);
    }),
  );
  const again = timed(() => rankCorpus(cold, asOf));
  const rows = [
    ['reading every paper once (the reference)', reference.ms],
    ['learning, and foreseeing a month of papers, once', warming.ms],
    ['ranking the corpus, from cold', ranked.ms],
    [`lists of ${topics.length} topics from it`, lists.ms],
    ['one topic, at the mean', lists.ms / topics.length],
    ['ranking the corpus again', again.ms],
  ] as const;
  for (const [what, ms] of rows) console.log(`${what.padEnd(50)} ${ms.toFixed(1).padStart(9)} ms`);
  console.log(`all lists ÷ the reference: ${((ranked.ms + lists.ms) / reference.ms).toFixed(2)}`);
});

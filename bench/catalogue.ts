/**
 * Does the catalogue hold what its names say? Per theme: papers in all and in the last month of the
 * corpus, how many of those lie in the theme's own fields, and the titles that fit its query best;
 * labelled papers where a theme has a label. Then the categories that papers carry and we do not know.
 *
 *   DATABASE=FILE node --import tsx bench/catalogue.ts [SLUG…]
 */
import { membershipOf } from '../src/app/membership.ts';
import { findRelevant } from '../src/app/relevance.ts';
import type { Db } from '../src/db/open.ts';
import { listNumbersListed } from '../src/db/papers.ts';
import { type Theme, themes } from '../src/domain/catalogue.ts';
import { findCategory } from '../src/domain/taxonomy.ts';
import { print } from './lib.ts';
import { isDataHere, now, queryOf, readTopicLabels, withSearchCorpus } from './search/corpus.ts';

const monthMs = 31 * 86_400_000;
const titlesShown = 3;

/** Labels of the development data, and the theme a reader would look for them in. */
const themeOfLabel: Readonly<Record<string, string>> = {
  '3d gaussian splatting': 'gaussian-splatting',
  'knowledge distillation llm': 'knowledge-distillation',
  'ai scientist': 'ai-scientist',
  'vertical agents': 'domain-agents',
  'computer use agents': 'computer-use-agents',
  'embodied agents': 'embodied-agents',
  'web agents': 'web-agents',
  'data agents': 'data-agents',
  'deep research agents': 'deep-research-agents',
  'tool use': 'tool-use',
  'self evolution': 'self-evolving-agents',
  agentops: 'agent-operations',
  'human ai': 'human-ai-collaboration',
  reasoning: 'llm-reasoning',
  safety: 'ai-safety',
};

const titleOf = (db: Db, number: number): string =>
  String(db.$client.prepare('select title from papers where id = ?').pluck().get(number));

const printTheme = (db: Db, theme: Theme, month: readonly number[]): void => {
  const query = queryOf(theme.query);
  const membership = membershipOf(db, query);
  const recent = month.filter(membership.has).length;
  print(
    `${theme.slug.padEnd(32)}${String(membership.count()).padStart(6)}${String(recent).padStart(6)}`,
  );
  for (const { number } of findRelevant(db, query, titlesShown))
    print(`    ${titleOf(db, number)}`);
};

const printLabels = (db: Db): void => {
  print('share of the papers filed under a label that its theme holds');
  for (const { text, wanted } of readTopicLabels(db)) {
    const theme = themes.find(({ slug }) => slug === themeOfLabel[text]);
    if (!theme) continue;
    const membership = membershipOf(db, queryOf(theme.query));
    const held = [...wanted].filter(membership.has).length;
    print(`  ${text.padEnd(30)}${theme.slug.padEnd(30)}${held} of ${wanted.size}`);
  }
};

const printUnknownCategories = (db: Db): void => {
  const rows = db.$client
    .prepare('select category, count(*) as papers from paper_categories group by category')
    .all() as { category: string; papers: number }[];
  const unknown = rows.filter(({ category }) => findCategory(category) === undefined);
  print(
    `${rows.length} categories occur, ${unknown.length} of them unknown: ` +
      `${unknown.map(({ category, papers }) => `${category} (${papers})`).join(', ') || 'none'}`,
  );
};

const run = (db: Db): void => {
  const slugs = process.argv.slice(2);
  const month = listNumbersListed(db, now.getTime() - monthMs, now.getTime());
  print(`theme                             in all  month (of ${month.length}), and what fits best`);
  for (const theme of themes)
    if (slugs.length === 0 || slugs.includes(theme.slug)) printTheme(db, theme, month);
  printLabels(db);
  printUnknownCategories(db);
};

if (isDataHere()) await withSearchCorpus(run);
else print('the development data is absent: nothing was measured');

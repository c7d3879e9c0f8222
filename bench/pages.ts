/**
 * What a page costs to make, in processor time, beside the same page kept and given again:
 * `node --import tsx bench/pages.ts`, or with `BENCH_DB` naming a database that holds the corpus.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMailKit } from '../src/cli/wiring.ts';
import { statement } from '../src/db/open.ts';
import { webDeps } from '../src/service/answers/web-deps.ts';
import { createWeb } from '../src/web/routes.ts';
import { stillContext } from '../test/system/still-context.ts';
import { withCorpus } from './data.ts';
import { print, watch } from './lib.ts';

const moment = new Date('2026-03-27T09:05:00Z');
const turns = 12;

await withCorpus(async ({ db }) => {
  const folder = mkdtempSync(join(tmpdir(), 'paperboy-pages-'));
  const context = { ...stillContext(folder, moment, {}), openDb: () => db };
  const kit = await loadMailKit(context);
  const web = createWeb(webDeps(context, kit));
  const cost = async (paths: readonly string[]): Promise<number> => {
    const read = watch();
    for (const path of paths) await (await web.request(path)).arrayBuffer();
    return (read().cpu * 1000) / paths.length;
  };
  const ids = statement(
    db,
    'select key from papers where hidden = 0 order by visible_from desc limit ?',
  )
    .pluck()
    .all(turns) as string[];
  const words = ['diffusion', 'graph learning', 'protein folding', 'robot grasping', 'speech'];
  // A query the page does not know is passed over, and makes an address nobody has asked for.
  const anew = (path: string) => Array.from({ length: turns }, (_, turn) => `${path}?turn=${turn}`);
  const search = (sort: string) =>
    words.map((word) => `/papers?q=${encodeURIComponent(word)}&sort=${sort}`);
  const pages: readonly (readonly [name: string, paths: readonly string[]])[] = [
    ['/', anew('/')],
    ['/topics/cs.CL', anew('/topics/cs.CL')],
    ['/papers/ID', ids.map((id) => `/papers/${id}`)],
    ['/papers?q=…', search('relevance')],
    ['/papers?q=…&sort=trending', search('trending')],
    ['/papers?q=…&sort=newest', search('newest')],
    ['/subscribe', anew('/subscribe')],
  ];
  print('milliseconds of processor time            made      kept');
  for (const [name, paths] of pages) {
    await cost([`${paths[0]}${paths[0]?.includes('?') ? '&' : '?'}warm`]);
    const made = await cost(paths);
    print(
      `${name.padEnd(36)} ${made.toFixed(1).padStart(9)} ${(await cost(paths)).toFixed(2).padStart(9)}`,
    );
  }
  rmSync(folder, { recursive: true });
});

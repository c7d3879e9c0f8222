/**
 * How much TeX is left after rendering? Every title and abstract of the development corpus, the
 * backslashes, dollar signs and scripts that readers would still see, and what they most often stand in.
 *
 *   node --import tsx bench/tex.ts [--show N]
 */
import { createReadStream, existsSync } from 'node:fs';
import { renderTex } from '../src/domain/tex.ts';
import { readRecords } from '../src/sources/records.ts';
import { print, watch } from './lib.ts';

const file = '../shared/data/papers.jsonl.gz';
const shown = process.argv.includes('--show')
  ? Number(process.argv[process.argv.indexOf('--show') + 1])
  : 12;

/** What a reader should not see. A dollar sign before a figure is money. */
const leftovers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a backslash', /\\/g],
  ['a dollar sign that is no money', /\$(?!\s?\d)(?<!US\$)(?<!\w\$)/g],
  ['a script in brackets', /[\^_]\([^)]*\)/g],
  ['a script sign before a letter', /(?<=[\p{L}\p{N})])\^[\p{L}\p{N}]/gu],
  ['a letter outside the basic plane', /[\u{1D400}-\u{1D7FF}]/gu],
];

const texts: { title: string; abstract: string }[] = [];
if (!existsSync(file)) print('../shared/data is absent: nothing to measure on');
else {
  const options = { now: new Date('2026-04-01'), onBytes: () => undefined };
  for await (const record of readRecords(createReadStream(file), options))
    if (record.kind === 'paper')
      texts.push({ title: record.paper.title, abstract: record.paper.abstract });
  const raw = texts.flatMap(({ title, abstract }) => [title, abstract]);
  const read = watch();
  const rendered = raw.map(renderTex);
  const { cpu } = read();
  const dirty = raw.filter((text) => /[\\$]/.test(text)).length;
  print(
    `${texts.length} papers, ${raw.length} texts, ${dirty} with TeX; ${(raw.length / cpu).toFixed(0)} texts a CPU second`,
  );
  for (const [name, pattern] of leftovers) report(name, pattern, raw, rendered);
}

function report(
  name: string,
  pattern: RegExp,
  raw: readonly string[],
  rendered: readonly string[],
): void {
  const count = (texts: readonly string[]): number =>
    texts.reduce((sum, text) => sum + (text.match(pattern)?.length ?? 0), 0);
  const left = rendered.filter((text) => text.search(pattern) >= 0);
  print(`\n${name}: ${count(raw)} before, ${count(rendered)} after, in ${left.length} texts`);
  const around = new Map<string, number>();
  for (const text of left)
    for (const match of text.matchAll(pattern)) {
      const from = match.index;
      const piece = text.slice(Math.max(0, from - 12), from + 28);
      const key = /^\\[a-zA-Z]+/.exec(text.slice(from))?.[0] ?? piece;
      around.set(key, (around.get(key) ?? 0) + 1);
    }
  for (const [piece, times] of [...around].sort((a, b) => b[1] - a[1]).slice(0, shown))
    print(`  ${String(times).padStart(5)}  ${piece}`);
}

/**
 * How well and how fast bounces are read: agreement with the labels of the recorded messages, and
 * messages a second beside mailparser, which only takes the same messages apart.
 *
 *   node --import tsx bench/bounces.ts
 */
import { existsSync, readFileSync } from 'node:fs';
import { simpleParser } from 'mailparser';
import { readBounces } from '../src/domain/bounce.ts';
import { parseMessage } from '../src/mail/mime.ts';

const folder = '../shared/data/recorded/bounces';
const runs = 5;

type Label = {
  readonly file: string;
  readonly bounces: readonly { recipient: string; verdict: string; reason: string }[];
};
type Message = { readonly label: Label; readonly bytes: Buffer };

const loadMessages = (): readonly Message[] =>
  readFileSync(`${folder}/labels.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const label = JSON.parse(line) as Label;
      const path = [`${folder}/${label.file}`, `${folder}/not-bounces/${label.file}`].find(
        existsSync,
      );
      if (!path) throw new Error(`${label.file} is labelled and not there`);
      return { label, bytes: readFileSync(path) };
    });

const keyOf = (bounces: Label['bounces']): string =>
  bounces
    // A delivery that the labels tell of is no bounce.
    .filter(({ verdict }) => verdict !== 'none')
    .map(({ recipient, verdict }) => `${recipient.toLowerCase()} ${verdict}`)
    .sort()
    .join(' ');

const measure = async (
  messages: readonly Message[],
  read: (bytes: Buffer) => unknown,
): Promise<number> => {
  const start = performance.now();
  for (const { bytes } of messages) await read(bytes);
  return (messages.length * 1000) / (performance.now() - start);
};

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const main = async (): Promise<void> => {
  if (!existsSync(`${folder}/labels.jsonl`)) {
    console.log(`bounces: ${folder} is not there, nothing measured`);
    return;
  }
  const messages = loadMessages();
  const ours = (bytes: Buffer) => readBounces(parseMessage(bytes));
  let agreed = 0;
  let invented = 0;
  for (const { label, bytes } of messages) {
    const [want, got] = [keyOf(label.bounces), keyOf(ours(bytes))];
    if (want === got) agreed += 1;
    else console.log(`  ${label.file}: labelled "${want}", read "${got}"`);
    if (label.bounces.length === 0 && got !== '') invented += 1;
  }
  const share = ((100 * agreed) / messages.length).toFixed(1);
  console.log(`agreement: ${agreed} of ${messages.length} messages, ${share} %`);
  console.log(`taken for a bounce and labelled none: ${invented}`);
  const speeds = { ours: [] as number[], reference: [] as number[], ratio: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    const mine = await measure(messages, ours);
    const reference = await measure(messages, (bytes) => simpleParser(bytes));
    speeds.ours.push(mine);
    speeds.reference.push(reference);
    speeds.ratio.push(mine / reference);
  }
  const [mine, reference] = [median(speeds.ours), median(speeds.reference)];
  console.log(`messages a second: ${mine.toFixed(0)}; mailparser alone: ${reference.toFixed(0)}`);
  console.log(`ratio (median of ${runs} interleaved runs): ${median(speeds.ratio).toFixed(1)}`);
};

await main();

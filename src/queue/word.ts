/**
 * Questions from the workers to the keeper of the ledger, and its word in answer. A question or an
 * answer that is lost is no word; whoever waits for one learns so when its patience ends, and then
 * nothing may be concluded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { createEnding } from './ending.ts';
import { connectAnother, type RedisNames } from './redis.ts';

/** The keeper did not answer in time: it or Redis is away. */
export class NoWord extends Error {}

/** An answer, or why there is none. */
export type Word = { readonly value: unknown } | { readonly fault: string };

type Letter = { readonly worker: string; readonly number: number; readonly question: unknown };
type Answer = { readonly number: number; readonly word: Word };

export type Asking = {
  /**
   * Questions and answers are whatever JSON can say.
   * @throws NoWord when no answer comes within the patience.
   * @throws Error with the keeper's reason when it could not answer.
   */
  readonly ask: (question: unknown) => Promise<unknown>;
  /** Is told each time the connection goes, and with it perhaps a question or its answer. */
  readonly onLost: (tell: () => void) => void;
  readonly close: () => void;
};

/** A worker's end. `patienceMs` is how long it waits for an answer. */
export const openAsking = async (
  redis: Redis,
  names: RedisNames,
  worker: string,
  patienceMs: number,
): Promise<Asking> => {
  const waiting = new Map<number, (word: Word) => void>();
  let last = 0;
  const ear = connectAnother(redis);
  ear.on('message', (_channel: string, text: string) => {
    const { number, word } = JSON.parse(text) as Answer;
    waiting.get(number)?.(word);
  });
  await ear.subscribe(names.answersTo(worker));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        last += 1;
        const letter = JSON.stringify({ worker, number: last, question } satisfies Letter);
        const number = last;
        const patience = setTimeout(() => {
          waiting.delete(number);
          // A keeper that comes back later shall not enter what nobody waits for.
          redis.lrem(names.questions, 0, letter).catch(() => undefined);
          reject(new NoWord(`no word from the service within ${patienceMs / 1000} s`));
        }, patienceMs);
        waiting.set(number, (word) => {
          clearTimeout(patience);
          waiting.delete(number);
          if ('fault' in word) reject(new Error(word.fault));
          else resolve(word.value);
        });
        // Lost with the connection it is asked in vain, and the patience ends.
        redis.lpush(names.questions, letter).catch(() => undefined);
      }),
    onLost: (tell) => {
      for (const connection of [redis, ear]) {
        // Each attempt to come back ends with a "close" as well.
        let there = connection.status === 'ready';
        connection.on('ready', () => {
          there = true;
        });
        connection.on('close', () => {
          if (there) tell();
          there = false;
        });
      }
    },
    close: () => ear.disconnect(),
  };
};

export type Answering = { readonly stop: () => Promise<void> };

const mostAtOnce = 200;
const blockSeconds = 1;
const afterFaultMs = 500;

/**
 * The keeper's end: `answer` gets the questions that have come together, so that what they want
 * entered takes one commit, and gives a word for each in their order. Those that come while it has
 * not answered are the next.
 */
export const openAnswering = (
  redis: Redis,
  names: RedisNames,
  answer: (questions: readonly unknown[]) => Promise<readonly Word[]>,
  onFault: (error: unknown) => void,
): Answering => {
  const mouth = connectAnother(redis);
  const ending = createEnding();
  const round = async (): Promise<void> => {
    const popped = await ending.orEnd(
      mouth.blmpop(...([blockSeconds, 1, names.questions, 'RIGHT', 'COUNT', mostAtOnce] as const)),
    );
    const letters = (popped?.[1] ?? []).map((text) => JSON.parse(String(text)) as Letter);
    if (letters.length === 0) return;
    const words = await answer(letters.map(({ question }) => question));
    const post = redis.pipeline();
    for (const [index, { worker, number }] of letters.entries()) {
      const word = words[index] ?? { fault: 'the service left the question out' };
      post.publish(names.answersTo(worker), JSON.stringify({ number, word } satisfies Answer));
    }
    await ending.orEnd(post.exec());
  };
  const loop = async (): Promise<void> => {
    while (!ending.isAsked())
      await round().catch(async (error: unknown) => {
        if (ending.isAsked()) return;
        onFault(error);
        await sleep(afterFaultMs);
      });
  };
  const running = loop();
  return {
    stop: async () => {
      ending.ask();
      mouth.disconnect();
      await running;
    },
  };
};

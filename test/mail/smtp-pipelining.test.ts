import { afterEach, expect, test } from 'vitest';
import type { Cue, Step } from './scripted-server.ts';
import { cleanUp, letter, scripted, transportTo } from './smtp-parts.ts';

afterEach(cleanUp);

/**
 * A server that takes pipelining and answers the end of the first message only once the second has
 * begun behind it, all in one piece.
 */
const unhurried = (afterSecondMail: Cue = '250 2.0.0 taken\r\n250 2.1.0 ok') => {
  let [mails, ends] = [0, 0];
  return scripted((step: Step): Cue | undefined => {
    if (step === 'EHLO') return '250-test\r\n250 PIPELINING';
    if (step === 'end' && ++ends === 1) return 'say nothing';
    if (step === 'MAIL' && ++mails === 2) return afterSecondMail;
    return undefined;
  });
};

const told = (events: string[], name: string) => () => void events.push(name);

/** Two messages over one connection; what happened, in its order. */
const sendTwo = async (url: string, connections = 1) => {
  const events: string[] = [];
  const transport = transportTo(url, { connections, timeouts: { replyMs: 2_000 } });
  const send = async (name: string): Promise<void> => {
    const { kind } = await transport.send(letter(), told(events, `dot of ${name}`));
    events.push(`${name} ${kind}`);
  };
  await Promise.all([send('first'), send('second')]);
  return events;
};

test('the next message begins behind the end of the one before', async () => {
  const server = await unhurried();
  const events = await sendTwo(server.url);
  // Of two messages on a connection no more than one is ever in doubt.
  expect(events).toEqual(['dot of first', 'first sent', 'dot of second', 'second sent']);
  expect(server.connections).toHaveLength(1);
  expect(server.messages).toHaveLength(2);
});

test('it is sent once, elsewhere, when the connection ends without an answer', async () => {
  const server = await unhurried('hang up');
  const events = await sendTwo(server.url);
  expect(events).toEqual(['dot of first', 'first unknown', 'dot of second', 'second sent']);
  expect(server.connections).toHaveLength(2);
  expect(server.messages).toHaveLength(2);
});

test('it goes out when the one before is refused, and the other way round', async () => {
  const first = await unhurried('554 5.6.0 not this one\r\n250 2.1.0 ok');
  expect(await sendTwo(first.url)).toContain('second sent');
  expect(first.messages).toHaveLength(2);
  const second = await unhurried('250 2.0.0 taken\r\n550 5.1.8 who are you');
  const events = await sendTwo(second.url);
  expect(events).toEqual(['dot of first', 'first sent', 'second deferred']);
  expect(second.messages).toHaveLength(1);
});

test('no command follows an unanswered end where the server takes no pipelining', async () => {
  const server = await scripted((step) => (step === 'end' ? 'say nothing' : undefined));
  const transport = transportTo(server.url, { connections: 1, timeouts: { replyMs: 150 } });
  const outcomes = await Promise.all([
    transport.send(letter(), () => undefined),
    transport.send(letter(), () => undefined),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
  expect(server.connections).toHaveLength(2);
  for (const said of server.connections)
    expect(said.filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
});

test('no more connections are opened than allowed', async () => {
  const server = await scripted((step) =>
    step === 'EHLO' ? '250-test\r\n250 PIPELINING' : undefined,
  );
  const transport = transportTo(server.url, { connections: 2 });
  const sent = await Promise.all(
    Array.from({ length: 250 }, () => transport.send(letter(), () => undefined)),
  );
  expect(sent.every(({ kind }) => kind === 'sent')).toBe(true);
  expect(server.messages).toHaveLength(250);
  // A connection ends after a hundred messages, and another takes its place.
  expect(server.connections.length).toBeGreaterThanOrEqual(3);
  expect(server.connections.length).toBeLessThanOrEqual(4);
});

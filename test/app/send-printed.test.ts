import { expect, test } from 'vitest';
import type { MailOrder } from '../../src/app/orders.ts';
import { sendPrinted } from '../../src/app/send-printed.ts';
import type { Transport } from '../../src/mail/transport.ts';

const order = { key: 'k' } as MailOrder;

/** Prints a mail whose bytes are gone once they are given back. */
const printer = () => {
  const bytes = Buffer.from('a mail');
  return async () => ({
    key: 'k',
    envelope: { from: 'a@example.org', to: 'b@example.org' },
    bytes,
    release: () => void bytes.fill('x'),
  });
};

const transportThat = (send: Transport['send']): Transport => ({
  describe: 'a test',
  send,
  close: async () => undefined,
});

test('the bytes are there until the transport has said what became of the mail', async () => {
  let taken: Buffer | undefined;
  const transport = transportThat(async ({ bytes }, beforeFinalDot) => {
    taken = bytes;
    await beforeFinalDot();
    await new Promise((turn) => setImmediate(turn));
    return { kind: 'sent', reply: bytes.toString() };
  });
  const outcome = await sendPrinted(
    { print: printer(), transport },
    order,
    () => undefined,
    () => false,
  );
  expect(outcome).toEqual({ kind: 'sent', reply: 'a mail' });
  expect(taken?.toString()).toBe('xxxxxx');
});

test('they are given back where sending breaks, too', async () => {
  let taken: Buffer | undefined;
  const transport = transportThat(async ({ bytes }) => {
    taken = bytes;
    throw new Error('broken');
  });
  const sent = sendPrinted(
    { print: printer(), transport },
    order,
    () => undefined,
    () => false,
  );
  await expect(sent).rejects.toThrow('broken');
  expect(taken?.toString()).toBe('xxxxxx');
});

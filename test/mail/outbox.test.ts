import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeMessage } from '../../src/mail/compose.ts';
import { outboxFault, outboxTransport } from '../../src/mail/outbox.ts';
import { listOutbox, readOutbox } from '../../src/mail/outbox-reader.ts';
import type { OutgoingMail } from '../../src/mail/transport.ts';
import { sampleMessage } from './sample-mail.ts';

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'outbox-'));
  dir = join(root, 'data', 'outbox');
});
afterEach(() => rm(root, { recursive: true }));

const mail = async (key: string, subject = 'Hello'): Promise<OutgoingMail> => ({
  key,
  envelope: { from: 'bounce@paperboy.example', to: 'mira@example.org' },
  bytes: await composeMessage({ ...sampleMessage, subject, html: '<p>Ä</p>\n', text: 'Ä\n' }),
});

describe('the outbox', () => {
  test('holds each message as one file, which can be listed and read', async () => {
    const outbox = outboxTransport(dir);
    let toldFirst = false;
    const outcome = await outbox.send(await mail('edition-1'), () => {
      toldFirst = true;
    });
    expect(outcome.kind).toBe('sent');
    expect(toldFirst).toBe(true);
    expect(await readdir(dir)).toEqual(['edition-1.eml']);
    const entry = {
      name: 'edition-1.eml',
      to: 'mira@example.org',
      subject: 'Hello',
      date: sampleMessage.date,
    };
    expect(await listOutbox(dir)).toEqual([entry]);
    expect(await readOutbox(dir, 'edition-1.eml')).toEqual({
      ...entry,
      html: '<p>Ä</p>\n',
      text: 'Ä\n',
    });
    await outbox.close();
  });

  test('has one file for a message sent twice', async () => {
    const outbox = outboxTransport(dir);
    await outbox.send(await mail('k', 'first'), () => undefined);
    await outbox.send(await mail('k', 'second'), () => undefined);
    expect((await listOutbox(dir)).map(({ subject }) => subject)).toEqual(['second']);
  });

  test('holds nothing when the ledger cannot commit', async () => {
    const sending = outboxTransport(dir).send(await mail('k'), () => {
      throw new Error('disk full');
    });
    await expect(sending).rejects.toThrow('disk full');
    expect(await readdir(dir)).toEqual([]);
  });

  test('that cannot be written defers everything', async () => {
    await writeFile(join(root, 'data'), 'a file where the folder should be');
    let told = false;
    const outcome = await outboxTransport(dir).send(await mail('k'), () => {
      told = true;
    });
    expect(outcome).toMatchObject({
      kind: 'deferred',
      scope: 'host',
      reason: expect.stringContaining(dir),
    });
    expect(told).toBe(false);
  });

  test('is looked at before anything is sent, and nothing is left of the look', async () => {
    expect(await outboxFault(dir)).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
    // Not even the superuser makes a folder there.
    expect(await outboxFault('/proc/outbox')).toContain('/proc');
  });

  test.each(['../escape', 'a/b', '', '.hidden', 'a\0b'])('refuses the key %j', async (key) => {
    await expect(
      outboxTransport(dir).send({ ...(await mail('k')), key }, () => undefined),
    ).rejects.toThrow('not a delivery key');
  });
});

describe('reading the outbox', () => {
  test('finds nothing where there is no folder', async () => {
    expect(await listOutbox(dir)).toEqual([]);
    expect(await readOutbox(dir, 'x.eml')).toBeUndefined();
  });

  test('never leaves the folder', async () => {
    await outboxTransport(dir).send(await mail('k'), () => undefined);
    await writeFile(join(root, 'data', 'secret.eml'), await readFile(join(dir, 'k.eml')));
    for (const name of ['../secret.eml', '..%2fsecret.eml', 'k', '', '.'])
      expect(await readOutbox(dir, name)).toBeUndefined();
  });

  test('lists no more than asked for and skips what is no message', async () => {
    const outbox = outboxTransport(dir);
    for (const key of ['a', 'b', 'c']) await outbox.send(await mail(key), () => undefined);
    await writeFile(join(dir, 'notes.txt'), 'x');
    expect(await listOutbox(dir, 2)).toHaveLength(2);
    expect(await listOutbox(dir)).toHaveLength(3);
  });
});

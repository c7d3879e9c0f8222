import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGalley, createRack, type Galley } from '../../src/mail/galley.ts';
import type { Body } from '../../src/mail/message.ts';

const room = 10;

const putMail = (galley: Galley, text: string): Body => {
  galley.begin();
  for (let from = 0; from < text.length; from += 7_000)
    galley.put(Buffer.from(text.slice(from, from + 7_000), 'latin1'));
  return galley.lift();
};

const read = ({ whole, from }: Body): string => whole.toString('latin1', from);

test('a mail is what was put, with room before it, and a piece may be put over another', () => {
  const galley = createGalley(room);
  galley.begin();
  galley.put(Buffer.from('begun, and given up'));
  galley.begin();
  galley.put(Buffer.from('Dear '));
  const at = galley.put(Buffer.from('......'));
  galley.put(Buffer.from(' reader'));
  galley.putOver(Buffer.from('gentle'), at);
  const body = galley.lift();
  expect(body.from).toBe(room);
  expect(read(body)).toBe('Dear gentle reader');
});

test('a tray is filled again only when all of its mails are released', () => {
  const galley = createGalley(room);
  const mail = (letter: string): Body => putMail(galley, letter.repeat(60_000));
  const [first, second, third] = [mail('a'), mail('b'), mail('c')];
  expect(second.whole.buffer).toBe(first.whole.buffer);
  expect(third.whole.buffer).not.toBe(first.whole.buffer);
  first.release?.();
  // Twice is once: the other mail is still read.
  first.release?.();
  const fourth = mail('d');
  const fifth = mail('e');
  expect(fifth.whole.buffer).not.toBe(first.whole.buffer);
  expect([second, third, fourth, fifth].map(read)).toEqual(
    ['b', 'c', 'd', 'e'].map((letter) => letter.repeat(60_000)),
  );
  second.release?.();
  mail('f');
  const seventh = mail('g');
  expect(seventh.whole.buffer).toBe(first.whole.buffer);
  expect(read(fifth)).toBe('e'.repeat(60_000));
});

test('a mail longer than a tray is whole, and its memory is not kept', () => {
  const rack = createRack();
  const galley = createGalley(room, rack);
  const long = putMail(galley, 'x'.repeat(400_000));
  expect(read(long)).toBe('x'.repeat(400_000));
  long.release?.();
  putMail(galley, 'y'.repeat(400_000));
  expect(rack.take(1).buffer).not.toBe(long.whole.buffer);
});

test('whatever is put and released in whatever order, no mail that is held changes', () => {
  const step = fc.record({
    length: fc.integer({ min: 1, max: 140_000 }),
    letter: fc.integer({ min: 97, max: 122 }),
    release: fc.option(fc.nat({ max: 20 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const galley = createGalley(room);
      const held: { body: Body; text: string }[] = [];
      for (const { length, letter, release } of steps) {
        const text = String.fromCharCode(letter).repeat(length);
        held.push({ body: putMail(galley, text), text });
        if (release !== null) held.splice(release % held.length, 1)[0]?.body.release?.();
        for (const each of held) if (read(each.body) !== each.text) return false;
      }
      return true;
    }),
    { numRuns: 60 },
  );
});

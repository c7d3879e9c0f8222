import { expect, test } from 'vitest';
import { holeEnd, holeStart, innerEnd, innerStart, wrapMark } from '../../src/mail/marks.ts';
import { fillHole, type Hole, toForm } from '../../src/mail/press-form.ts';

const inner = (name: string): string => innerStart + name + innerEnd;
const holeOf = (spelled: string): Hole => {
  const hole = toForm(holeStart + spelled + holeEnd).pieces[0];
  if (!hole || hole instanceof Uint8Array) throw new Error('no hole');
  return hole;
};
const filled = (hole: Hole, values: Readonly<Record<string, string>>): string =>
  fillHole(hole, 'text', (name) => values[name] ?? '').toString();

test('a wrapped line follows each name in it, whatever it was filled with before', () => {
  const hole = holeOf(`${inner('dayLine')} for ${inner('topicsLine')}${wrapMark}{}`);
  const day = 'A quiet day';
  for (const topicsLine of ['owls', 'kites', 'owls'])
    expect(filled(hole, { dayLine: day, topicsLine })).toBe(`${day} for ${topicsLine}=\r\n`);
  const one = holeOf(`You asked for ${inner('topicsLine')}.${wrapMark}{}`);
  for (const topicsLine of ['owls', 'kites', 'owls'])
    expect(filled(one, { topicsLine })).toBe(`You asked for ${topicsLine}.=\r\n`);
});

import { expect, test } from 'vitest';
import { isLatin, runsLeftwards } from '../../src/domain/written.ts';

test.each([
  ['نماذج صغيرة لقراءة المخطوطات', true],
  ['«מודלים קטנים» and what they cost', true],
  ['3 ܐܪܡܝܐ', true],
  ['GPT-4 لقراءة المخطوطات', false],
  ['Small models', false],
  ['10 % ± 2: Ελληνικά', false],
  ['語りの模型', false],
  ['!!! ??? 42', false],
  ['', false],
])('%j runs from right to left: %j', (text, leftwards) => {
  expect(runsLeftwards(text)).toBe(leftwards);
});

test('Latin is told by the first letter', () => {
  const texts = ['“Élan” 日本', '日本 and Élan', 'α-Stable', '42', 'نماذج'];
  expect(texts.map(isLatin)).toEqual([true, false, false, false, false]);
});

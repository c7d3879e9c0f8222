/** Every kind of mail Paperboy sends, of invented papers, in one language. */
import type { Language } from '../../src/domain/language.ts';
import { type RenderedMail, renderDigest, renderNotice } from '../../src/mail/render.ts';
import { noticeNames, type Templates } from '../../src/mail/templates.ts';
import { sampleDigest, sampleNotice, samplePaper } from './sample-mail.ts';

/** By name: `daily`, `weekly`, `one-paper`, `longest` and the notices. */
export const mailFamily = (
  templates: Templates,
  language: Language,
): Readonly<Record<string, RenderedMail>> => {
  const words = templates.words[language];
  const common = {
    language,
    dateLabel: words.fullDay('2026-03-20'),
    dayLine: words.say('day.read', { chosen: words.say('day.chosen', { count: 10 }), count: 731 }),
  };
  const grouped = sampleDigest(6).papers.map((paper, index) => ({
    ...paper,
    ...(index > 0 && { named: true, topic: index < 4 ? 'Topic 1' : 'Topic (cs.CL)' }),
    ...(index === 1 && { heading: 'Topic 1' }),
    ...(index === 4 && { heading: 'Topic (cs.CL)' }),
  }));
  const digests = {
    daily: { ...sampleDigest(10), ...common, postalAddress: 'Paperboy, 1 Example Street' },
    weekly: { ...sampleDigest(0), ...common, weekly: true, papers: grouped },
    'one-paper': {
      ...{ ...sampleDigest(0), ...common, papers: [{ ...samplePaper(1), textBy: 'A Source' }] },
      readerNote: words.say('digest.first', {
        when: words.say('when.daily', { hour: words.hour(8), zone: 'Europe/Berlin' }),
      }),
    },
    longest: { ...sampleDigest(0), ...common, papers: longestPapers },
  };
  const when = words.say('when.weekly', {
    ...{ weekday: words.weekday('2026-03-20'), hour: words.hour(8), zone: 'Europe/Berlin' },
  });
  const notice = { ...sampleNotice, language, whenLine: words.say('notice.when', { when }) };
  return Object.fromEntries([
    ...Object.entries(digests).map(([name, view]) => [name, renderDigest(templates, view)]),
    ...noticeNames.map((name) => [name, renderNotice(templates, name, notice)]),
  ]);
};

const sentence =
  'Every meadow was walked twice, and the second walk found what the first had not. ';

/** As long as real papers get: thirty of them, each with everything and more than there is room for. */
const longestPapers = Array.from({ length: 30 }, (_, index) => ({
  ...samplePaper(index + 1),
  title: `${samplePaper(index + 1).title}: ${sentence.repeat(3)}`,
  text: sentence.repeat(12),
  why: sentence.repeat(4),
  ...(index % 4 === 1 && { heading: `Topic ${index}` }),
}));

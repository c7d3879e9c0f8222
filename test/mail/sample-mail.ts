/** Invented papers and readers for the mail tests. */
import type { DigestView, NoticeView, PaperView } from '../../src/mail/render.ts';

const titles = [
  'Small Ears, Big Meadows: Listening Models That Learn from Nine Minutes of Birdsong',
  'Folding Maps: Sparse Routes through Dense Retrieval',
  'CO₂-Aware Schedules for Training at Night',
  'نماذج صغيرة لقراءة المخطوطات',
];

export const samplePaper = (rank: number): PaperView => {
  const id = `2603.1${1000 + rank}`;
  return {
    rank,
    title: titles[(rank - 1) % titles.length] ?? '',
    href: `https://arxiv.org/abs/${id}`,
    authorsLine: 'Mira Okonkwo, Jonas Feldt, Li Wenqing, et al.',
    category: 'cs.CL',
    topic: 'Language models',
    text: 'A compact listener is trained on nine minutes of labelled birdsong. It keeps a small memory of what surprised it. On three valleys it finds most species at a fortieth of the energy.',
    why: `${200 - rank} upvotes in two days, still growing fast`,
    spark: { bars: '▁▂▅▇▃', label: '200 upvotes in five days, most of them on Wednesday' },
    reactPath: id,
    links: [
      { label: 'abstract', href: `https://arxiv.org/abs/${id}` },
      { label: 'PDF', href: `https://arxiv.org/pdf/${id}` },
      { label: 'more', href: `https://paperboy.example/papers/${id}` },
    ],
  };
};

export const sampleDigest = (papers: number): DigestView => ({
  language: 'en',
  baseUrl: 'https://paperboy.example',
  dateLabel: 'Friday, 20 March 2026',
  dayLine: 'A lively day: 731 new papers read for you.',
  topicsLine: 'Language models, Robotics',
  papers: Array.from({ length: papers }, (_, index) => samplePaper(index + 1)),
  links: {
    manage: 'https://paperboy.example/manage/token',
    unsubscribe: 'https://paperboy.example/unsubscribe/token',
    web: 'https://paperboy.example/digests/token',
    feed: 'https://paperboy.example/feeds/token.atom',
    react: 'https://paperboy.example/react/token',
  },
});

export const sampleNotice: NoticeView = {
  language: 'en',
  baseUrl: 'https://paperboy.example',
  email: 'mira@example.org',
  topicsLine: 'Language models',
  whenLine: 'Every day at 8:00, Europe/Berlin.',
  changes: ['At most 3 papers in a digest.'],
  links: {
    // As long as a real one: an address that cannot be broken makes a mail too wide for a phone.
    confirm: 'https://paperboy.example/confirm/AAAAAAAAAAAAAAAAAAAAAKvo9rLHTTcDYAKqNGwBHJk',
    manage: 'https://paperboy.example/manage/token',
    unsubscribe: 'https://paperboy.example/unsubscribe/token',
    feed: 'https://paperboy.example/feeds/token.atom',
  },
};

export const sampleMessage = {
  kind: 'digest',
  from: { name: 'Paperboy', address: 'papers@paperboy.example' },
  to: 'mira@example.org',
  subject: 'Small Ears, Big Meadows and 9 more',
  html: '<p>Hello</p>',
  text: 'Hello\n',
  messageId: 'delivery-1@paperboy.example',
  date: new Date('2026-03-20T08:00:00Z'),
  listId: 'digest.paperboy.example',
  unsubscribeUrl: 'https://paperboy.example/unsubscribe/token',
  unsubscribeMailto: 'unsubscribe+token@paperboy.example',
  feedbackId: 'digest:daily:paperboy:paperboy',
  returnPath: 'bounce+1@paperboy.example',
} as const;

import { simpleParser } from 'mailparser';
import { beforeEach, describe, expect, test } from 'vitest';
import { openArchive } from '../../src/app/archive.ts';
import { findDigestPage } from '../../src/app/digest-page.ts';
import { type MailKit, tokenUrl } from '../../src/app/mail-kit.ts';
import { writeOrders } from '../../src/app/orders.ts';
import { planDigests } from '../../src/app/plan.ts';
import { previewDigest } from '../../src/app/preview.ts';
import { previewMail } from '../../src/app/preview-mail.ts';
import { createPrinter } from '../../src/app/print-mail.ts';
import { loadSample } from '../../src/app/sample.ts';
import { claimDeliveries } from '../../src/db/deliveries.ts';
import { listLastDigests } from '../../src/db/digests.ts';
import type { Db } from '../../src/db/open.ts';
import { languages } from '../../src/domain/language.ts';
import { tempDb } from '../db/temp-db.ts';
import { addReader, inventPaper, inventSettings, later, noon, takeIn } from '../invent.ts';
import { mailKit } from './post.ts';

let db: Db;
let kit: MailKit;
beforeEach(async () => {
  db = tempDb();
  kit = await mailKit();
});

const flat = (text: string): string => text.replace(/\s+/g, ' ');
const told = 'from the sample that comes with Paperboy.';
const noted = 'No source has been reached yet: these are papers of some time ago,';

/** The reader's mail as it would be sent, and its web version. */
const deliver = async (id: number) => {
  planDigests(db, { asOf: noon, now: noon, reuseMs: 0 });
  const lease = { owner: 'test', now: noon, until: later(noon, 60_000) };
  const [ordered] = writeOrders(db, claimDeliveries(db, lease, 1));
  if (ordered?.kind !== 'order') throw new Error('no order');
  const mail = await createPrinter(kit, openArchive(db, kit))(ordered.order);
  const { html, text = '' } = await simpleParser(mail.bytes);
  const [digest] = listLastDigests(db, id, 1);
  const token = digest ? tokenUrl(kit, 'digest', digest.key).split('/').at(-1) : '';
  return { html: String(html), text, web: findDigestPage(db, kit, token ?? '')?.html ?? '' };
};

describe('a digest made of the bundled sample', () => {
  test('is held back where mails go to readers, until a source brings papers', async () => {
    await loadSample(db, 'src/sample', noon);
    addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
    const request = { asOf: noon, now: noon, reuseMs: 0, holdSample: true };
    for (const dryRun of [true, false, false])
      expect(planDigests(db, { ...request, dryRun })).toMatchObject({
        ...{ due: 1, planned: 0 },
        skipped: { 'nothing-new': 0, sample: 1 },
      });
    await takeIn(db, [inventPaper(1)]);
    const soon = later(noon, 60_000);
    expect(planDigests(db, { ...request, asOf: soon, now: soon })).toEqual({
      ...{ due: 1, planned: 1 },
      skipped: { 'nothing-new': 0, suppressed: 0 },
    });
  });

  test('says so once in its day, in every part, and names no author of each summary', async () => {
    await loadSample(db, 'src/sample', noon);
    const id = addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
    const { html, text, web } = await deliver(id);
    for (const part of [html, text, web]) {
      expect(flat(part)).toContain(told);
      expect(flat(part)).toContain(noted);
      expect(part).not.toContain('Summary by');
      expect(part).not.toContain('listed in the past day');
    }
  });

  test.each(languages)('says so in %s, in HTML and text, day or week', async (language) => {
    await loadSample(db, 'src/sample', noon);
    const words = kit.templates.words[language];
    for (const kind of [{ kind: 'daily' }, { kind: 'weekly', on: 'fri' }] as const) {
      const settings = inventSettings({ topics: ['all'], language, frequency: kind, papers: 3 });
      const content = previewDigest(db, settings, undefined, noon);
      const { html, text } = await previewMail(kit, content, undefined, noon);
      const chosen = words.say('day.chosen', { count: 3 });
      const line = words.say('day.sample', { chosen });
      expect(line).toContain('Paperboy');
      for (const said of [line, words.say('day.sample-note')]) {
        expect(html).toContain(said);
        expect(text.replace(/\s+/g, '')).toContain(said.replace(/\s+/g, ''));
      }
    }
  });
});

describe('a digest of a source’s papers', () => {
  test('says nothing of the sample, and names who wrote a summary that is not the authors’', async () => {
    await loadSample(db, 'src/sample', noon);
    const summary = { text: 'Kites fly on strings of tea.', by: 'huggingface' };
    await takeIn(db, [inventPaper(1, { summary }), inventPaper(2), inventPaper(3)], []);
    const id = addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
    const { html, text, web } = await deliver(id);
    for (const part of [html, text, web]) {
      expect(flat(part)).toContain('Kites fly on strings of tea.');
      expect(part).toContain('(Summary by Hugging Face)');
      expect(part).not.toContain('sample');
    }
  });

  test('prefers the abstract, once a source brings it, to the sample’s summary', async () => {
    const text = 'Kites fly on strings of tea. The tea is cold.';
    const paper = inventPaper(1, {
      abstract: 'We fly kites on strings of coffee. The coffee is hot.',
    });
    await takeIn(db, [{ ...paper, abstract: '', summary: { text, by: 'sample' } }], [], {
      by: 'sample',
    });
    await takeIn(db, [paper], []);
    addReader(db, 'mira@example.org', inventSettings({ topics: ['all'] }));
    const { html } = await deliver(1);
    expect(html).toContain('strings of coffee');
    expect(html).not.toContain('strings of tea');
  });
});

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PreviewPage, servePreview } from '../../src/cli/preview-page.ts';
import { renderDigest } from '../../src/mail/render.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { sampleDigest } from '../mail/sample-mail.ts';

describe('the page for editing templates', () => {
  let dir: string;
  let page: PreviewPage;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'watched-'));
    await cp('templates', dir, { recursive: true });
    page = await servePreview(
      async () => ({ ...renderDigest(await loadTemplates(dir), sampleDigest(1)), eml: '' }),
      dir,
    );
  });
  afterEach(async () => {
    await page.close();
    await rm(dir, { recursive: true });
  });
  const look = async (path = ''): Promise<string> => (await fetch(page.url + path)).text();
  const edit = async (from: string, to: string): Promise<void> => {
    const file = join(dir, 'messages/en.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
  };

  test('follows each change of a template, and tells that there was one', async () => {
    expect(await look('mail')).toContain('That is the whole round for today.');
    const before = await look('stamp');
    await edit('That is the whole round for today.', 'Enough for a day.');
    expect(await look('mail')).toContain('Enough for a day.');
    expect(await look()).toContain('Enough for a day.');
    expect(await look('stamp')).not.toBe(before);
  });

  test('shows the place of a mistake instead of the mail, and goes on when it is mended', async () => {
    await edit('"digest.end"', '"digest.ende"');
    const shown = await look();
    expect(shown).toMatch(/messages\/en\.json:\d+: &quot;digest\.ende&quot; is asked for by no/);
    await edit('"digest.ende"', '"digest.end"');
    expect(await look()).toContain('<iframe');
  });
});

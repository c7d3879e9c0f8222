import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleFields } from '../../src/mail/template-fields.ts';
import { loadTemplates } from '../../src/mail/templates.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'templates-'));
  await cp('templates', dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

const change = async (file: string, from: string, to: string) => {
  const path = join(dir, file);
  const source = await readFile(path, 'utf8');
  expect(source).toContain(from);
  await writeFile(path, source.replace(from, to));
  return source.slice(0, source.indexOf(from)).split('\n').length;
};

const fault = () =>
  loadTemplates(dir).then(
    () => 'accepted',
    (error: Error) => error.message.replace(`${dir}/`, ''),
  );

describe('loading templates', () => {
  test('takes the ones that come with the project', async () => {
    expect(await fault()).toBe('accepted');
  });

  test.each([
    ['digest.txt', '{{dateLabel}}', '{{dateLable}}', /there is no field "dateLable" here/],
    ['digest.mjml', '{{dayLine}}', '{{dayline}}', /there is no field "dayline" here/],
    ['digest.subject.txt', '=headline', '=title', /there is no field "title" here/],
    ['partials/paper.html', '{{title}}', '{{titel}}', /there is no field "titel" here/],
    ['partials/footer.txt', 'href=links.web', 'href=links.wbe', /there is no field "wbe" here/],
    ['digest.txt', '{{wrap dayLine}}', '{{wrapp dayLine}}', /"wrapp"/],
    ['digest.txt', '{{> footer}}', '{{> foot}}', /foot could not be found/],
    ['welcome.mjml', '</mj-raw>', '</mj-row>', /mj-r/],
    ['welcome.mjml', 'mj-column', 'mj-colum', /mj-colum/],
    ['partials/footer.mjml', 'line-height="22px"', 'lien-height="22px"', /lien-height/],
    ['partials/paper.html', '</h2>', '', /h2/],
    ['partials/paper.html', '{{/each}}', '', /each doesn't match/],
    ['digest.txt', '{{/each}}', '', /\{\{#\w+\}\} is never closed/],
  ])('refuses %s with %s made %s, naming file and line', async (file, from, to, reason) => {
    await change(file, from, to);
    const message = await fault();
    expect(message).toMatch(new RegExp(`^${file}:\\d+: `));
    expect(message).toMatch(reason);
  });

  test('names the line of an unknown field', async () => {
    const line = await change('digest.mjml', '{{dayLine}}', '{{dayline}}');
    expect(await fault()).toMatch(new RegExp(`^digest\\.mjml:${line}: `));
  });

  test('refuses an include that is missing or outside the folder', async () => {
    await change('digest.mjml', './partials/footer.mjml', './partials/foot.mjml');
    expect(await fault()).toMatch(/^digest\.mjml:\d+: mj-include/);
    await change('digest.mjml', './partials/foot.mjml', '../../etc/hostname');
    expect(await fault()).toMatch(/^digest\.mjml:\d+: mj-include/);
  });

  test('refuses a folder without templates', async () => {
    await rm(join(dir, 'already.txt'));
    expect(await fault()).toMatch(
      /^already\.txt:1: cannot be read \(ENOENT\): TEMPLATES_DIR must be a folder/,
    );
  });

  test('lets a person add words of their own', async () => {
    await appendFile(join(dir, 'partials/footer.txt'), '\nPrinted in Graz.\n');
    const templates = await loadTemplates(dir);
    expect(templates.digest.text(sampleFields.digest[0], templates.words.en)).toContain('Graz');
  });
});

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, makePlace, type Place } from './paperboy.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

const sound = { SOURCES: ',', SMTP_URL: '' };

it('the doctor finds no fault in a fresh set-up and exits 0', async () => {
  const { code, stdout, stderr } = await place.run(['doctor'], { env: sound });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^note {5}no mail server is set.*\n +no reader gets any\n +→ set SMTP_URL/m,
  );
  expect(stdout).toMatch(/^ok {7}the database is sound$/m);
  expect(stdout).not.toContain('can be read by others');
  // What holds addresses and tokens is nobody else's.
  const modes = ['data', 'data/paperboy.db'].map(
    (name) => statSync(join(place.folder, name)).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o600]);
});

it('an outbox that cannot be written is a fault', async () => {
  const env = { ...sound, OUTBOX_DIR: place.file('outbox', 'not a folder') };
  const { code, stdout } = await place.run(['doctor', '--json'], { env });
  expect(JSON.parse(stdout)[0]).toMatchObject({ level: 'fault', id: 'files.outbox' });
  expect(code).toBe(1);
});

it('tells a fault with its cure, as JSON too, and exits 1', async () => {
  const env = {
    ...{ SOURCES: ',', MAIL_FROM: 'papers@example.invalid' },
    SMTP_URL: `smtp://127.0.0.1:${await freePort()}`,
  };
  const { code, stdout, stderr } = await place.run(['doctor', '--json'], { env });
  const findings = JSON.parse(stdout);
  expect(findings[0]).toMatchObject({ level: 'fault' });
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'smtp.unreachable', do: expect.stringContaining('firewall') }),
  );
  expect(findings).toContainEqual(expect.objectContaining({ id: 'dkim.unset' }));
  expect(stderr).toMatch(/^paperboy doctor: \d+ faults found/);
  expect(code).toBe(1);
});

it('a damaged database is a finding, not an end without words', async () => {
  const file = place.file('broken.db', 'no database at all '.repeat(300));
  const env = { ...sound, DATABASE_URL: `file:${file}` };
  const { code, stdout } = await place.run(['doctor', '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject([{ id: 'database.open', level: 'fault' }]);
  expect(code).toBe(1);
});

it('wrong settings are findings with their cures, and no other is looked at', async () => {
  const env = { ...sound, PORT: 'eighty', SMTP_URL: 'smtp://mail.example', SECRET: 'hush' };
  const { code, stdout, stderr } = await place.run(['doctor'], { env });
  expect([code, stderr]).toEqual([
    1,
    'paperboy doctor: 4 faults found; nothing else was looked at\n',
  ]);
  expect(stdout.match(/^fault/gm)).toHaveLength(4);
  expect(stdout).toMatch(
    /^fault {4}PORT is not a port number\n.*\n {9}→ give a number from 0 to 65535, as in PORT=3000 {3}\[settings\.wrong\.PORT\]$/m,
  );
  expect(stdout).toContain('as in MAIL_FROM="Paperboy <papers@example.org>');
  expect(stdout).not.toContain('hush');

  const json = await place.run(['doctor', '--json'], { env });
  expect(JSON.parse(json.stdout)).toContainEqual(
    expect.objectContaining({ id: 'settings.wrong.SECRET', level: 'fault' }),
  );
});

it('looks only where it is told to', async () => {
  const only = await place.run(['doctor', '--only', 'disk, database', '--json'], { env: sound });
  expect(JSON.parse(only.stdout).map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['disk', 'database']),
  );
  expect(only.stdout).not.toContain('settings');
  const wrong = await place.run(['doctor', '--only', 'liver'], { env: sound });
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(
    /^paperboy doctor: there is no check "liver" \(there are: settings, /,
  );
});

/** Faults planted one by one into a set-up that has none: each is found, and its cure named. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { insertBounce } from '../../../src/db/bounces.ts';
import { claimDeliveries, insertDelivery, settleDelivery } from '../../../src/db/deliveries.ts';
import { noteAttempt } from '../../../src/db/source-states.ts';
import { insertSubscriber } from '../../../src/db/subscribers.ts';
import { suppress } from '../../../src/db/suppressions.ts';
import { defaultSettings } from '../../../src/domain/subscription.ts';
import { newKey } from '../../../src/lib/token.ts';
import { freePort } from '../../cli/paperboy.ts';
import { at, cleanUp, polite, scripted } from '../../mail/smtp-parts.ts';
import { examined, healthy, makeKey, now, type Patient } from './surgery.ts';

afterEach(cleanUp);

const hours = (count: number): Date => new Date(now.getTime() - count * 3_600_000);

const addReader = (patient: Patient, name: string): number =>
  insertSubscriber(patient.db, {
    ...{ key: newKey(), email: `${name}@readers.example`, status: 'active', topicIds: [] },
    ...{ settings: { ...defaultSettings, topics: [] }, at: hours(900) },
  });

const waitingSince = (patient: Patient, at: Date): void => {
  const subscriberId = addReader(patient, 'waits');
  insertDelivery(patient.db, { key: 'late', kind: 'confirmation', subscriberId, at });
};

const sentMails = (patient: Patient, count: number, complaints: number): void => {
  for (let index = 0; index < count; index += 1) {
    const subscriberId = addReader(patient, `r${index}`);
    const at = hours(48);
    insertDelivery(patient.db, { key: `sent-${index}`, kind: 'confirmation', subscriberId, at });
    const lease = { owner: 'test', now: at, until: now };
    for (const { id } of claimDeliveries(patient.db, lease, 1))
      settleDelivery(patient.db, id, 'test', { state: 'sent', reason: '250 ok' }, at);
    if (index < complaints)
      insertBounce(patient.db, {
        ...{ subscriberId, day: '2026-11-25', verdict: 'complaint', status: '' },
        ...{ reason: 'abuse', at: hours(20) },
      });
  }
};

type Planted = readonly [
  id: string,
  cure: RegExp,
  plant: (patient: Patient) => void | Promise<void>,
];

const settings: readonly Planted[] = [
  [
    'settings.https',
    /TLS.*BASE_URL/,
    (p) => {
      p.env['BASE_URL'] = 'http://papers.example.org';
    },
  ],
  [
    'settings.base-path',
    /BASE_URL=https:\/\/papers\.example\.org or/,
    (p) => {
      p.env['BASE_URL'] = 'https://papers.example.org/round';
    },
  ],
  [
    'settings.proxy',
    /TRUST_PROXY=true/,
    (p) => {
      p.env['TRUST_PROXY'] = 'false';
    },
  ],
  [
    'settings.open-port',
    /HOST=127/,
    (p) => {
      p.env['HOST'] = '0.0.0.0';
    },
  ],
  ['settings.bounces', /BOUNCE_IMAP_URL/, (p) => void delete p.env['BOUNCE_ADDRESS']],
  ['settings.base-url', /set BASE_URL/, (p) => void delete p.env['BASE_URL']],
  ['settings.no-smtp', /set SMTP_URL/, (p) => void delete p.env['SMTP_URL']],
  [
    'files.secret',
    /chmod 600 \S+secret/,
    (p) => {
      delete p.env['SECRET'];
      writeFileSync(join(p.folder, 'secret'), 'x'.repeat(40), { mode: 0o644 });
    },
  ],
  [
    'files.no-secret',
    /restore the file/,
    (p) => {
      delete p.env['SECRET'];
      addReader(p, 'somebody');
    },
  ],
  ['files.dkim', /chmod 600 \S+dkim\.pem/, (p) => chmodSync(p.keyFile, 0o640)],
  [
    'templates',
    /mend that line/,
    (p) => {
      const folder = join(p.folder, 'templates');
      mkdirSync(folder);
      p.env['TEMPLATES_DIR'] = folder;
    },
  ],
];

const database: readonly Planted[] = [
  [
    'database.references',
    /foreign_key_check/,
    ({ db }) => {
      db.$client.pragma('foreign_keys = off');
      db.$client.exec(`insert into subscriptions values (4711, 0, 1)`);
    },
  ],
  [
    'database.damaged',
    /restore a backup/,
    ({ db }) => {
      // The b-tree's own words contradict each other, as after a torn write.
      db.$client.unsafeMode(true).pragma('writable_schema = on');
      db.$client.exec(`update sqlite_master set rootpage = 1 where name = 'papers_by_title'`);
      db.$client.pragma('writable_schema = reset');
    },
  ],
  [
    'database.wal',
    /forgotten sqlite3/,
    (p) => {
      const file = `${p.env['DATABASE_URL']?.slice(5)}`;
      const other = join(p.folder, 'elsewhere.db');
      writeFileSync(`${other}-wal`, Buffer.alloc(257 * 1024 ** 2));
      p.env['DATABASE_URL'] = `file:${other}`;
      expect(file).not.toBe(other);
    },
  ],
  [
    'disk.space',
    /make room/,
    (p) => {
      p.freeBytes = 100 * 1024 ** 2;
    },
  ],
];

const smtp: readonly Planted[] = [
  [
    'smtp.unreachable',
    /firewall/,
    async (p) => {
      p.env['SMTP_URL'] = `smtp://127.0.0.1:${await freePort()}`;
    },
  ],
  [
    'smtp.auth',
    /user and password/,
    async (p) => {
      const port = await polite({
        onAuth: (_auth, _session, done) => done(new Error('wrong password')),
        allowInsecureAuth: true,
      });
      p.env['SMTP_URL'] = `smtp://paperboy:wrong@127.0.0.1:${port}?tls=off`;
    },
  ],
  [
    'smtp.tls',
    /465/,
    (p) => {
      p.env['SMTP_URL'] = `${p.env['SMTP_URL']}?tls=required`;
    },
  ],
  [
    'smtp.refused',
    /ask whoever runs the server/,
    async (p) => {
      p.env['SMTP_URL'] = (await scripted(at('connect', '554 go away'))).url;
    },
  ],
  [
    'smtp.size',
    /message_size_limit/,
    async (p) => {
      p.env['SMTP_URL'] = `smtp://127.0.0.1:${await polite({ size: 50_000 })}`;
    },
  ],
];

const key = 'TXT paperboy1._domainkey.example.org';

const records: readonly Planted[] = [
  [
    'dkim.unset',
    /three DKIM settings/,
    (p) => {
      for (const name of ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY_FILE'])
        delete p.env[name];
    },
  ],
  ['dkim.key', /PEM/, (p) => writeFileSync(p.keyFile, 'no key')],
  ['dkim.record', /publish the TXT record .*p=MII/, (p) => void delete p.dns[key]],
  [
    'dkim.record',
    /p=MII/,
    (p) => {
      p.dns[key] = [makeKey(2048).record];
    },
  ],
  [
    'dkim.record',
    /p=MII/,
    (p) => {
      p.dns[key] = ['v=DKIM1; p='];
    },
  ],
  [
    'dkim.record',
    /k=rsa/,
    (p) => {
      p.dns[key] = ['v=DKIM1; k=ed25519; p=AAAA'];
    },
  ],
  [
    'dkim.several',
    /leave only/,
    (p) => {
      p.dns[key] = [...(p.dns[key] ?? []), 'p=AAAA'];
    },
  ],
  [
    'dkim.testing',
    /t=y/,
    (p) => {
      p.dns[key] = [`${p.dns[key]}; t=y`];
    },
  ],
  [
    'dkim.weak',
    /genrsa.*2048/,
    (p) => {
      const short = makeKey(1024);
      writeFileSync(p.keyFile, short.pem);
      p.dns[key] = [short.record];
    },
  ],
  [
    'dkim.aligned',
    /MAIL_FROM/,
    (p) => {
      p.env['MAIL_FROM'] = 'papers@elsewhere.example';
    },
  ],
  [
    'spf.missing',
    /v=spf1/,
    (p) => {
      p.dns['TXT example.org'] = [];
    },
  ],
  [
    'spf.several',
    /merge/,
    (p) => {
      p.dns['TXT example.org'] = ['v=spf1 mx -all', 'v=spf1 a -all'];
    },
  ],
  [
    'spf.all',
    /-all/,
    (p) => {
      p.dns['TXT example.org'] = ['v=spf1 mx +all'];
    },
  ],
  [
    'spf.open',
    /-all/,
    (p) => {
      p.dns['TXT example.org'] = ['v=spf1 mx'];
    },
  ],
  [
    'spf.lookups',
    /ip4:/,
    (p) => {
      const many = Array.from({ length: 11 }, (_, index) => `include:s${index}.example`);
      p.dns['TXT example.org'] = [`v=spf1 ${many.join(' ')} -all`];
    },
  ],
  ['dmarc.missing', /p=none/, (p) => void delete p.dns['TXT _dmarc.example.org']],
  [
    'dmarc.record',
    /leave one/,
    (p) => {
      p.dns['TXT _dmarc.example.org'] = ['v=DMARC1'];
    },
  ],
  [
    'dmarc.none',
    /quarantine/,
    (p) => {
      p.dns['TXT _dmarc.example.org'] = ['v=DMARC1; p=none'];
    },
  ],
  ['dns.sender', /MX record/, (p) => void delete p.dns['MX example.org']],
  ['dns', /resolv\.conf/, (p) => void p.dnsFails.add('example.org')],
  [
    'ptr.missing',
    /PTR record to mail\.example\.org/,
    (p) => {
      p.env['SMTP_URL'] = 'smtp://mail.example.org:1';
      delete p.dns['PTR 8.8.8.8'];
    },
  ],
  [
    'ptr.unconfirmed',
    /PTR record/,
    (p) => {
      p.env['SMTP_URL'] = 'smtp://mail.example.org:1';
      p.dns['PTR 8.8.8.8'] = ['host-8-8-8-8.pool.example'];
    },
  ],
];

const web: readonly Planted[] = [
  [
    'base-url.unreachable',
    /firewall/,
    (p) => {
      p.web = () => Promise.reject(new Error('no'));
    },
  ],
  [
    'base-url.status',
    /proxy/,
    (p) => {
      p.web = async () => ({ status: 502, headers: {} });
    },
  ],
  [
    'base-url.other',
    /point the name/,
    (p) => {
      p.web = async () => ({ status: 200, headers: {} });
    },
  ],
  [
    'clock',
    /set-ntp/,
    (p) => {
      const { web: answer } = p;
      const date = hours(0.1).toUTCString();
      p.web = async (url) => ({ ...(await answer(url)), headers: { date } });
    },
  ],
];

const state: readonly Planted[] = [
  [
    'sources.stale',
    /paperboy ingest arxiv/,
    ({ db }) => {
      db.$client.exec(`update source_states set succeeded_at = ${hours(60).getTime()}`);
      noteAttempt(db, 'arxiv', now, { error: 'HTTP 503' });
    },
  ],
  ['queue.old', /deliveries show/, (p) => waitingSince(p, hours(13))],
  ['complaints', /who confirmed/, (p) => sentMails(p, 100, 2)],
  [
    'suppressed',
    /suppressions list/,
    (p) => {
      for (let index = 0; index < 20; index += 1) addReader(p, `r${index}`);
      for (let index = 0; index < 4; index += 1)
        suppress(p.db, `r${index}@readers.example`, 'hard', 'no such user', now);
    },
  ],
];

describe('the doctor', { timeout: 60_000 }, () => {
  it('finds nothing where nothing is wrong', async () => {
    const found = await examined(await healthy());
    expect(found.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  const planted = [...settings, ...database, ...smtp, ...records, ...web, ...state];

  it.each(planted.map((each, index) => [each[0], index, each] as const))(
    'finds %s (%i) and names the cure',
    async (id, _index, [, cure, plant]) => {
      const patient = await healthy();
      await plant(patient);
      const found = (await examined(patient)).find((each) => each.id === id);
      expect(found?.level).toMatch(/note|warning|fault/);
      expect(found?.do).toMatch(cure);
      expect(found?.why).not.toBe('');
    },
  );

  it('tells the worst first, and what fails itself as well', async () => {
    const patient = await healthy();
    patient.env['TRUST_PROXY'] = 'false';
    delete patient.dns['MX example.org'];
    patient.db.$client.exec('drop table bounces');
    const levels = (await examined(patient)).map(({ level }) => level);
    expect(levels.slice(0, 3)).toEqual(['fault', 'fault', 'warning']);
  });
});

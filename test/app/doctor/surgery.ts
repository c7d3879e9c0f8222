/** A set-up without a fault, and ways to plant some. */
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DoctorDeps } from '../../../src/app/doctor/deps.ts';
import { examine } from '../../../src/app/doctor.ts';
import { parseConfig } from '../../../src/config.ts';
import { noteAttempt } from '../../../src/db/source-states.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { Resolve } from '../../../src/lib/dns.ts';
import { instanceMark } from '../../../src/lib/instance.ts';
import { connect, newDbFile } from '../../db/temp-db.ts';
import { polite } from '../../mail/smtp-parts.ts';

export const now = new Date('2026-11-26T09:00:00Z');
const secret = 'a secret of more than thirty-two characters';

export type Patient = {
  env: Record<string, string>;
  /** `TXT name` and the like → values; what is not there does not exist. */
  readonly dns: Record<string, readonly string[]>;
  /** Names whose look-up fails. */
  readonly dnsFails: Set<string>;
  web: DoctorDeps['fetchHead'];
  freeBytes: number;
  readonly db: DoctorDeps['db'];
  readonly folder: string;
  readonly keyFile: string;
};

const recordOf = (base64: string): string => `v=DKIM1; k=rsa; p=${base64}`;

export const makeKey = (bits: number): { readonly pem: string; readonly record: string } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    record: recordOf(publicKey.export({ type: 'spki', format: 'der' }).toString('base64')),
  };
};

const key = makeKey(2048);

/** All is well: a real database, key file and mail server; DNS and the web as they should answer. */
export const healthy = async (): Promise<Patient> => {
  const file = newDbFile();
  const folder = dirname(file);
  chmodSync(file, 0o600);
  const db = connect(file);
  noteAttempt(db, 'arxiv', new Date(now.getTime() - 3_600_000), {});
  const keyFile = join(folder, 'dkim.pem');
  writeFileSync(keyFile, key.pem, { mode: 0o600 });
  const port = await polite({ authOptional: true, hideSTARTTLS: true });
  return {
    ...{ db, folder, keyFile, dnsFails: new Set(), freeBytes: 50 * 1024 ** 3 },
    env: {
      DATABASE_URL: `file:${file}`,
      BASE_URL: 'https://papers.example.org',
      TRUST_PROXY: 'true',
      SECRET: secret,
      MAIL_FROM: 'Paperboy <papers@example.org>',
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      BOUNCE_ADDRESS: 'bounces@example.org',
      DKIM_DOMAIN: 'example.org',
      DKIM_SELECTOR: 'paperboy1',
      DKIM_PRIVATE_KEY_FILE: keyFile,
      SOURCES: 'arxiv',
    },
    dns: {
      'TXT paperboy1._domainkey.example.org': [key.record],
      'TXT example.org': ['google-site-verification=x', 'v=spf1 ip4:192.0.2.7 -all'],
      'TXT _dmarc.example.org': ['v=DMARC1; p=quarantine; rua=mailto:postmaster@example.org'],
      'MX example.org': ['mail.example.org'],
      'A mail.example.org': ['8.8.8.8'],
      'PTR 8.8.8.8': ['mail.example.org'],
    },
    web: async () => ({
      status: 200,
      headers: { 'paperboy-instance': instanceMark(secret), date: now.toUTCString() },
    }),
  };
};

export const examined = async (patient: Patient): Promise<readonly Finding[]> => {
  const parsed = parseConfig(patient.env);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const resolve: Resolve = async (kind, name) => {
    if (patient.dnsFails.has(name)) return { kind: 'failed', reason: `DNS answers ETIMEOUT` };
    const values = patient.dns[`${kind} ${name}`];
    return values ? { kind: 'found', values } : { kind: 'none' };
  };
  return examine({
    ...{ db: patient.db, config: parsed.config, clock: () => now, secret: parsed.config.secret },
    ...{ resolve, fetchHead: patient.web, freeBytes: () => patient.freeBytes },
  });
};

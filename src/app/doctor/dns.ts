/** The sending domain's records, and the sending server's name. */
import { createPublicKey } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { type Finding, finding, fine } from '../../domain/finding.ts';
import {
  isWithin,
  judgeDkim,
  judgeDmarc,
  judgeSpf,
  type PublicKey,
} from '../../domain/mail-records.ts';
import type { DnsAnswer } from '../../lib/dns.ts';
import { DkimError, type DkimKey, loadDkimKeys } from '../../mail/dkim.ts';
import { parseSmtpUrl } from '../../mail/smtp-server.ts';
import { type Check, type DoctorDeps, domainOf, isLoopbackHost } from './deps.ts';

/** Records matter only once mail leaves this machine. */
export const checkRecords: Check = async (deps) => {
  const { mail } = deps.config;
  if (mail.smtpUrl === undefined) return [];
  return [
    ...(await dkim(deps)),
    ...(await spf(deps)),
    ...(await dmarc(deps)),
    ...(await senderExists(deps)),
    ...(await reverseName(deps)),
  ];
};

const unanswered = (answer: DnsAnswer): readonly Finding[] | undefined =>
  answer.kind === 'failed'
    ? [
        finding(
          'warning',
          'dns',
          answer.reason,
          'what the world sees of your domain could not be checked',
          'check this machine’s name servers (/etc/resolv.conf), then ask again',
        ),
      ]
    : undefined;

const valuesOf = (answer: DnsAnswer): readonly string[] =>
  answer.kind === 'found' ? answer.values : [];

const dkim = async (deps: DoctorDeps): Promise<readonly Finding[]> => {
  const { dkim: settings, from } = deps.config.mail;
  if (!settings)
    return [
      finding(
        'fault',
        'dkim.unset',
        'mails are not signed',
        'large providers refuse unsigned bulk mail or file it as spam',
        'make a key (README, Mail server) and set the three DKIM settings',
      ),
    ];
  try {
    const keys = await loadDkimKeys(settings);
    const published = await Promise.all(keys.map((key) => publishedKey(deps, key)));
    return [...aligned(domainOf(from.address), settings.domain), ...published.flat()];
  } catch (error) {
    if (!(error instanceof DkimError)) throw error;
    return [
      finding(
        'fault',
        'dkim.key',
        error.message,
        'the service does not start without it',
        'make the file a PEM key that the service’s user can read',
      ),
    ];
  }
};

const aligned = (author: string, signer: string): readonly Finding[] =>
  isWithin(author, signer)
    ? []
    : [
        finding(
          'fault',
          'dkim.aligned',
          `MAIL_FROM is at ${author}, the signature is of ${signer}`,
          'DMARC counts a signature only when both are of one domain',
          'put MAIL_FROM into DKIM_DOMAIN, or sign with a key of its domain',
        ),
      ];

const publishedKey = async ({ resolve }: DoctorDeps, key: DkimKey): Promise<readonly Finding[]> => {
  const name = `${key.selector}._domainkey.${key.domain}`;
  const answer = await resolve('TXT', name);
  return unanswered(answer) ?? judgeDkim(name, valuesOf(answer), publicKeyOf(key));
};

const publicKeyOf = (key: DkimKey): PublicKey & { readonly bits: number } => {
  const der = createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8463 §3: of an Ed25519 key only the 32 bytes themselves are published.
  return key.algorithm === 'ed25519-sha256'
    ? { type: 'ed25519', base64: der.subarray(-32).toString('base64'), bits: 256 }
    : {
        type: 'rsa',
        base64: der.toString('base64'),
        bits: key.privateKey.asymmetricKeyDetails?.modulusLength ?? 0,
      };
};

const returnDomain = ({ config }: DoctorDeps): string =>
  domainOf(config.mail.bounceAddress ?? config.mail.from.address);

const spf = async (deps: DoctorDeps): Promise<readonly Finding[]> => {
  const domain = returnDomain(deps);
  const answer = await deps.resolve('TXT', domain);
  return unanswered(answer) ?? judgeSpf(domain, valuesOf(answer));
};

const dmarc = async ({ config, resolve }: DoctorDeps): Promise<readonly Finding[]> => {
  const labels = domainOf(config.mail.from.address).split('.');
  // RFC 7489 §6.6.3 looks at the organisation's domain too; without a list of public suffixes every
  // domain above that still has two labels may be it.
  const names = labels.slice(0, -1).map((_, index) => `_dmarc.${labels.slice(index).join('.')}`);
  for (const name of names) {
    const answer = await resolve('TXT', name);
    const failed = unanswered(answer);
    if (failed) return failed;
    if (valuesOf(answer).some((value) => value.startsWith('v=DMARC1')))
      return judgeDmarc(name, valuesOf(answer));
  }
  return judgeDmarc(names[0] ?? '', []);
};

/** Receivers refuse a sender nothing can be sent back to. */
const senderExists = async (deps: DoctorDeps): Promise<readonly Finding[]> => {
  const domain = returnDomain(deps);
  const answers = [await deps.resolve('MX', domain), await deps.resolve('A', domain)];
  if (answers.some(({ kind }) => kind !== 'none')) return [];
  return [
    finding(
      'fault',
      'dns.sender',
      `${domain} takes no mail: it has neither MX nor address`,
      'many receivers refuse senders that cannot be answered, and bounces are lost',
      `publish an MX record for ${domain}, or set BOUNCE_ADDRESS and MAIL_FROM to a domain with one`,
    ),
  ];
};

const reverseName = async ({ config, resolve }: DoctorDeps): Promise<readonly Finding[]> => {
  const parsed = parseSmtpUrl(config.mail.smtpUrl ?? '');
  if (parsed.kind !== 'ok' || isLoopbackHost(parsed.server.host)) return [];
  const { host } = parsed.server;
  const [address] = ipaddr.isValid(host) ? [host] : valuesOf(await resolve('A', host));
  if (address === undefined || ipaddr.process(address).range() !== 'unicast') return [];
  const names = await resolve('PTR', address);
  const failed = unanswered(names);
  if (failed) return failed;
  for (const name of valuesOf(names)) {
    const back = await resolve('A', name);
    if (valuesOf(back).some((each) => sameAddress(each, address)))
      return [fine('ptr', `${address} is ${name}, and ${name} is ${address}`)];
  }
  return [
    finding(
      'warning',
      names.kind === 'none' ? 'ptr.missing' : 'ptr.unconfirmed',
      names.kind === 'none'
        ? `the mail server's address ${address} has no name (PTR)`
        : `the name of ${address}, ${valuesOf(names).join(', ')}, does not lead back to it`,
      'receivers distrust or refuse servers without a confirmed name',
      `have whoever gave you the address set its PTR record to ${host}, and ${host} to the address`,
    ),
  ];
};

const sameAddress = (a: string, b: string): boolean =>
  ipaddr.process(a).toString() === ipaddr.process(b).toString();

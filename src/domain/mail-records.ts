/** What the DNS records of a sending domain say: DKIM (RFC 6376), SPF (RFC 7208), DMARC (RFC 7489). */
import { type Finding, finding, fine } from './finding.ts';

/** The public half of our key, as it stands in a record. */
export type PublicKey = { readonly type: 'rsa' | 'ed25519'; readonly base64: string };

const unsigned =
  'receivers treat the mail as unsigned: large providers refuse it or file it as spam';

/** Judges the TXT values at `selector._domainkey.domain` against our key. */
export const judgeDkim = (
  name: string,
  values: readonly string[],
  key: PublicKey & { readonly bits: number },
): readonly Finding[] => {
  const wanted = `v=DKIM1; k=${key.type}; p=${key.base64}`;
  const publish = `publish the TXT record ${name} "${wanted}"`;
  const bad = (what: string): readonly Finding[] => [
    finding('fault', 'dkim.record', what, unsigned, publish),
  ];
  const records = values.map(tagsOf).filter((tags) => tags.has('p'));
  const [record] = records;
  if (!record) return bad(`${name} has no DKIM record`);
  if (records.length > 1)
    return [
      finding(
        'fault',
        'dkim.several',
        `${name} has ${records.length} DKIM records`,
        'which of them receivers take is undefined',
        `leave only: ${wanted}`,
      ),
    ];
  const published = (record.get('p') ?? '').replace(/\s/g, '');
  if (published === '') return bad(`the DKIM record ${name} is revoked (its p= is empty)`);
  if ((record.get('k') ?? 'rsa') !== key.type)
    return bad(
      `the DKIM record ${name} is for ${record.get('k') ?? 'rsa'}, the key is ${key.type}`,
    );
  if (published !== key.base64)
    return bad(`the DKIM record ${name} holds another key than DKIM_PRIVATE_KEY_FILE`);
  return [...weaknesses(name, record, key), fine('dkim.record', `${name} holds our key`)];
};

const weaknesses = (
  name: string,
  record: ReadonlyMap<string, string>,
  key: { readonly type: string; readonly bits: number },
): readonly Finding[] => [
  ...((record.get('t') ?? '').split(':').includes('y')
    ? [
        finding(
          'warning',
          'dkim.testing',
          `the DKIM record ${name} says t=y`,
          'receivers may ignore signatures of a domain that is testing',
          'take t=y out of the record',
        ),
      ]
    : []),
  ...(key.type === 'rsa' && key.bits < 2048
    ? [
        finding(
          'warning',
          'dkim.weak',
          `the DKIM key has ${key.bits} bits`,
          'RFC 8301 wants 2,048; some receivers ignore shorter ones',
          'make a new key with: openssl genrsa -out dkim.pem 2048, under a new selector',
        ),
      ]
    : []),
];

/** `tag=value; tag=value`, names in lower case. */
const tagsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(';').flatMap((part): [string, string][] => {
      const at = part.indexOf('=');
      return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]];
    }),
  );

const spfExample = 'v=spf1 include:_spf.your-mail-provider.example -all';

/** Judges the TXT values of the envelope sender's domain. */
export const judgeSpf = (domain: string, values: readonly string[]): readonly Finding[] => {
  const records = values.filter((value) => /^v=spf1(?:\s|$)/i.test(value));
  const [record] = records;
  if (record === undefined)
    return [
      finding(
        'fault',
        'spf.missing',
        `${domain} has no SPF record`,
        'receivers cannot tell your servers from a forger’s',
        `publish the TXT record ${domain} "${spfExample}", naming the servers that hand out your mail`,
      ),
    ];
  if (records.length > 1)
    return [
      finding(
        'fault',
        'spf.several',
        `${domain} has ${records.length} SPF records`,
        'RFC 7208 §4.5: more than one is an error, and none counts',
        'merge them into one record',
      ),
    ];
  const terms = record.trim().split(/\s+/).slice(1);
  const all = terms.find((term) => /^[+?~-]?all$/i.test(term))?.toLowerCase();
  const lookups = terms.filter((term) =>
    /^[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:|redirect=)/i.test(term),
  ).length;
  if (all === '+all' || all === 'all')
    return [
      finding(
        'fault',
        'spf.all',
        `the SPF record of ${domain} ends in +all`,
        'it lets the whole world send in your name, and counts against you',
        'end the record with -all (or ~all)',
      ),
    ];
  if (lookups > 10)
    return [
      finding(
        'fault',
        'spf.lookups',
        `the SPF record of ${domain} asks for ${lookups} look-ups`,
        'RFC 7208 §4.6.4: more than ten is an error, and the record does not count',
        'name addresses (ip4:, ip6:) instead of includes',
      ),
    ];
  if (all === undefined && !terms.some((term) => /^redirect=/i.test(term)))
    return [
      finding(
        'warning',
        'spf.open',
        `the SPF record of ${domain} has no end`,
        'whatever it does not name is neither allowed nor refused',
        'end the record with -all',
      ),
    ];
  return [fine('spf', `${domain} has an SPF record`)];
};

/** What to publish under a name such as `_dmarc.example.org`; reports go to that domain. */
const dmarcExample = (name: string): string =>
  `v=DMARC1; p=quarantine; rua=mailto:postmaster@${name.replace(/^_dmarc\./, '')}`;

/** Judges the TXT values at `_dmarc.` of the author's domain (or the domain above it). */
export const judgeDmarc = (name: string, values: readonly string[]): readonly Finding[] => {
  const records = values.filter((value) => /^v=DMARC1(?:\s*;|$)/.test(value.trim()));
  const policy = records[0] === undefined ? undefined : tagsOf(records[0]).get('p');
  if (records.length === 0)
    return [
      finding(
        'fault',
        'dmarc.missing',
        `${name} has no DMARC record`,
        'large providers require one of whoever sends in bulk',
        `publish the TXT record ${name} "${dmarcExample(name)}"; begin with p=none and read the reports`,
      ),
    ];
  if (records.length > 1 || !/^(?:none|quarantine|reject)$/i.test(policy ?? ''))
    return [
      finding(
        'fault',
        'dmarc.record',
        records.length > 1
          ? `${name} has ${records.length} DMARC records`
          : `the DMARC record ${name} has no policy (p=none, quarantine or reject)`,
        'receivers act as if there were none',
        `leave one record, such as "${dmarcExample(name)}"`,
      ),
    ];
  if (policy?.toLowerCase() === 'none')
    return [
      finding(
        'note',
        'dmarc.none',
        `${name} only watches (p=none)`,
        'anybody may still write in your name',
        'once its reports are clean, say p=quarantine',
      ),
    ];
  return [fine('dmarc', `${name} has a DMARC record (p=${policy})`)];
};

/** Whether a domain is another or lies in it: what DMARC calls aligned, relaxed. */
export const isWithin = (domain: string, other: string): boolean => {
  const [a, b] = [domain.toLowerCase(), other.toLowerCase()];
  return a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`);
};

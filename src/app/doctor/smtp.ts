/** The mail server as a sender meets it: reached, in TLS, let in, and willing to take our size. */
import { type Finding, finding, fine } from '../../domain/finding.ts';
import type { SmtpFailure } from '../../mail/smtp-dialogue.ts';
import { parseSmtpUrl, type SmtpServer } from '../../mail/smtp-server.ts';
import { openSession, usualTimeouts } from '../../mail/smtp-session.ts';
import { type Check, isLoopbackHost } from './deps.ts';

const timeouts = { ...usualTimeouts, connectMs: 8_000, replyMs: 8_000 };

/** A digest of thirty papers, signed, with some room. */
const mostMailBytes = 256 * 1024;
const soonMs = 14 * 86_400_000;

export const checkSmtp: Check = async ({ config, clock }) => {
  const parsed = parseSmtpUrl(config.mail.smtpUrl ?? '');
  if (parsed.kind !== 'ok') return [];
  const { server } = parsed;
  try {
    const session = await openSession(server, timeouts);
    const { extensions, tls } = session;
    await session.quit();
    return [
      ...inTheClear(server, tls !== undefined),
      ...expiring(server, tls?.certificateUntil, clock()),
      ...tooSmall(server, Number(extensions.get('SIZE') ?? 0)),
      fine('smtp', `${server.host}:${server.port} takes us in${tls ? ', over TLS' : ''}`),
    ];
  } catch (error) {
    return [explain(server, error as SmtpFailure)];
  }
};

const explain = (server: SmtpServer, error: SmtpFailure): Finding => {
  const place = `${server.host}:${server.port}`;
  const reason = error.message.replace(/\s+/g, ' ').slice(0, 300);
  const { code, responseCode = 0 } = error;
  const isPutOff = responseCode >= 400 && responseCode < 500;
  if (code === 'EAUTH')
    return finding(
      'fault',
      'smtp.auth',
      `${place} ${isPutOff ? 'puts off' : 'refuses'} the login: ${reason}`,
      'no mail leaves',
      isPutOff
        ? 'wait: the server says that it is for a while; its own log says more'
        : 'check user and password in SMTP_URL; "@" and "/" in them are written %40 and %2F',
    );
  if (code === 'ETLS' && responseCode > 0)
    return finding(
      'fault',
      'smtp.tls',
      `${place} gives no TLS: ${reason}`,
      'no mail leaves',
      'smtps:// is for port 465, smtp:// for 587 with STARTTLS, which this server does not give; where mail may go in the clear, say ?tls=offered or ?tls=off',
    );
  if (code === 'ETLS' || /certificate|self.signed|altname|ssl|tls|wrong version/i.test(reason))
    return finding(
      'fault',
      'smtp.tls',
      `no TLS with ${place}: ${reason}`,
      'no mail leaves',
      'smtps:// is for port 465, smtp:// for 587; a server with a certificate nobody signed needs ?verify=off',
    );
  if (responseCode > 0)
    return finding(
      'fault',
      'smtp.refused',
      `${place} answers and does not take us in: ${reason}`,
      'no mail leaves',
      isPutOff
        ? 'wait: the server says that it is for a while; it may allow fewer connections or mails'
        : 'ask whoever runs the server what its words mean, and whether this machine may send there',
    );
  const other = server.secure
    ? ''
    : ', that the port does not speak TLS from the start (then: smtps://)';
  return finding(
    'fault',
    'smtp.unreachable',
    `${place} cannot be reached: ${reason}`,
    'no mail leaves',
    `check host and port in SMTP_URL${other}, and that no firewall stands between (many hosts close port 25)`,
  );
};

const inTheClear = (server: SmtpServer, encrypted: boolean): readonly Finding[] =>
  encrypted || isLoopbackHost(server.host)
    ? []
    : [
        finding(
          'warning',
          'smtp.clear',
          `mail goes to ${server.host} in the clear`,
          'anybody on the way can read it, tokens and addresses included',
          'use a server with STARTTLS and say ?tls=required',
        ),
      ];

const expiring = (server: SmtpServer, until: Date | undefined, now: Date): readonly Finding[] =>
  until === undefined || until.getTime() - now.getTime() > soonMs
    ? []
    : [
        finding(
          'warning',
          'smtp.certificate',
          `the certificate of ${server.host} ends on ${until.toISOString().slice(0, 10)}`,
          'no mail leaves after that day',
          'have it renewed by whoever runs the mail server',
        ),
      ];

const tooSmall = (server: SmtpServer, size: number): readonly Finding[] =>
  size === 0 || size >= mostMailBytes
    ? []
    : [
        finding(
          'fault',
          'smtp.size',
          `${server.host} takes mails of ${size} bytes at most`,
          'a digest may be larger',
          `raise the server's limit to ${mostMailBytes} bytes or more (message_size_limit in Postfix)`,
        ),
      ];

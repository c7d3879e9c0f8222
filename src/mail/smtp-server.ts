/** `SMTP_URL` read: which server, how to log in, how strict about TLS. */
export type SmtpServer = {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** `offered`: STARTTLS when the server has it; `required`: or nothing is sent; `off`: never. */
  readonly tls: 'offered' | 'required' | 'off';
  readonly verifyCertificate: boolean;
  /** What to call ourselves in EHLO; this machine's name when left out. */
  readonly name?: string;
};

export type ParsedSmtpUrl =
  | { readonly kind: 'ok'; readonly server: SmtpServer }
  | { readonly kind: 'wrong'; readonly reason: string };

const example = 'smtp://user:password@mail.example.org:587';

/**
 * `smtp://` (port 587, STARTTLS) or `smtps://` (port 465), with `?tls=required|offered|off`,
 * `?verify=off` for a certificate nobody signed, and `?name=` for EHLO. With a password, TLS is
 * required unless the server is this machine or `tls=off` says so, since anyone on the way could
 * take STARTTLS out of the server's offer.
 */
export const parseSmtpUrl = (text: string): ParsedSmtpUrl => {
  const wrong = (reason: string): ParsedSmtpUrl => ({ kind: 'wrong', reason });
  if (!URL.canParse(text)) return wrong(`is no address such as ${example}`);
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  if (!secure && url.protocol !== 'smtp:') return wrong('must start with smtp:// or smtps://');
  if (url.hostname === '') return wrong(`names no server, as ${example} does`);
  if (url.pathname.length > 1) return wrong('has a path, which mail servers do not');
  const unknown = [...url.searchParams.keys()].find(
    (key) => !['tls', 'verify', 'name'].includes(key),
  );
  if (unknown !== undefined) return wrong(`has an option nobody knows: ${unknown}`);
  const user = decode(url.username);
  const pass = decode(url.password);
  if (user === undefined || pass === undefined) return wrong('has a wrong % in user or password');
  if ((user === '') !== (pass === '')) return wrong('needs both user and password, or neither');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const guarded = user !== '' && !isLoopback(host);
  const tls = url.searchParams.get('tls') ?? (guarded ? 'required' : 'offered');
  if (tls !== 'offered' && tls !== 'required' && tls !== 'off')
    return wrong('has tls= other than required, offered or off');
  const verify = url.searchParams.get('verify') ?? 'on';
  if (verify !== 'on' && verify !== 'off') return wrong('has verify= other than on or off');
  const name = url.searchParams.get('name');
  if (name !== null && !/^[A-Za-z0-9.:[\]-]{1,255}$/.test(name)) return wrong('has a bad name=');
  return {
    kind: 'ok',
    server: {
      host,
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      tls,
      verifyCertificate: verify === 'on',
      ...(user === '' ? {} : { auth: { user, pass } }),
      ...(name === null ? {} : { name }),
    },
  };
};

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

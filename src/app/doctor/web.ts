/** The address readers are sent to, and this machine's clock. */
import { type Finding, finding, fine } from '../../domain/finding.ts';
import { instanceMark } from '../../lib/instance.ts';
import { type Check, type DoctorDeps, isLoopbackHost } from './deps.ts';

export const checkBaseUrl: Check = async ({ config, secret, fetchHead }) => {
  const { baseUrl } = config;
  const bad = (id: string, what: string, cure: string): readonly Finding[] => [
    finding('fault', id, what, 'readers cannot confirm, change or leave', cure),
  ];
  const local = isLoopbackHost(new URL(baseUrl).hostname);
  try {
    const { status, headers } = await fetchHead(`${baseUrl}/healthz`);
    if (status !== 200)
      return bad(
        'base-url.status',
        `${baseUrl}/healthz answers HTTP ${status}`,
        'see that the proxy passes every path on to HOST:PORT, and that the service runs',
      );
    if (secret !== undefined && headers['paperboy-instance'] !== instanceMark(secret))
      return bad(
        'base-url.other',
        `${baseUrl} leads to something that is not this Paperboy`,
        'point the name at this machine, and the proxy at this service; or correct BASE_URL',
      );
    return [fine('base-url', `${baseUrl} leads here`)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Nobody has to have the service running to ask the doctor about a first set-up.
    if (local)
      return [
        finding(
          'note',
          'base-url.silent',
          `nothing answers at ${baseUrl}`,
          'the service does not run, or on another port',
          'start it with npm start, or set BASE_URL and PORT to go together',
        ),
      ];
    return bad(
      'base-url.unreachable',
      `${baseUrl} cannot be reached: ${reason}`,
      'check the DNS record of the name, the proxy and its certificate, the firewall, and that the service runs',
    );
  }
};

const mostSkewMs = 30_000;

/** Against the `Date` of a server of others: our own proxy has our own clock. */
export const checkClock: Check = async (deps) => {
  const url = deps.config.sources.length > 0 ? deps.config.urls.hfApi : undefined;
  if (url === undefined) return [];
  const date = await dateOf(deps, url);
  if (date === undefined) return [];
  const skew = deps.clock().getTime() - date;
  if (Math.abs(skew) <= mostSkewMs) return [fine('clock', 'the clock is right')];
  const seconds = Math.round(Math.abs(skew) / 1000);
  return [
    finding(
      'fault',
      'clock',
      `the clock is ${seconds} s ${skew > 0 ? 'ahead' : 'behind'}, by the word of ${new URL(url).host}`,
      'signatures from the future are refused, and digests come at the wrong hour',
      'keep the clock by NTP: timedatectl set-ntp true',
    ),
  ];
};

const dateOf = async ({ fetchHead }: DoctorDeps, url: string): Promise<number | undefined> => {
  try {
    const date = Date.parse((await fetchHead(url)).headers['date'] ?? '');
    return Number.isNaN(date) ? undefined : date;
  } catch {
    // Sources that cannot be reached are told of by their freshness.
    return undefined;
  }
};

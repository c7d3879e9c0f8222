/** How fast mail may go: so many a second to a domain, so many a day while an address is new. */

export type DomainRates = {
  /** Messages a second, by domain in lower case. */
  readonly named: ReadonlyMap<string, number>;
  /** For each other domain; unlimited when left out. */
  readonly others?: number;
};

/** `WARM_UP`: so many mails on the first day (UTC), twice as many on each day after. */
export type WarmUp = { readonly from: string; readonly first: number };

export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** Reads `gmail.com=2,*=5`: messages a second to a domain, and to each domain not named. */
export const parseDomainRates = (text: string): Parsed<DomainRates> => {
  const named = new Map<string, number>();
  const problems: string[] = [];
  for (const entry of text.split(',').map((each) => each.trim())) {
    const [, domain = '', rate = ''] = /^([^=\s]+)\s*=\s*(\d+(?:\.\d+)?)$/.exec(entry) ?? [];
    const name = domain.toLowerCase();
    if (domain === '') problems.push(`has "${entry}", which is not of the form gmail.com=2`);
    else if (name !== '*' && !/^[\p{L}\d-]+(\.[\p{L}\d-]+)+$/u.test(name))
      problems.push(`has "${domain}", which is no domain`);
    else if (Number(rate) <= 0) problems.push(`allows ${domain} no messages: above zero, please`);
    else if (named.has(name)) problems.push(`names ${domain} twice`);
    else named.set(name, Number(rate));
  }
  if (problems.length > 0) return { kind: 'wrong', problems };
  const others = named.get('*');
  named.delete('*');
  return { kind: 'ok', value: { named, ...(others !== undefined && { others }) } };
};

/** Reads `2026-12-01:200`. */
export const parseWarmUp = (text: string): Parsed<WarmUp> => {
  const [, from = '', first = ''] = /^(\d{4}-\d{2}-\d{2}):(\d{1,9})$/.exec(text.trim()) ?? [];
  const at = new Date(`${from}T00:00:00Z`);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(from);
  if (from === '' || !isDay || Number(first) === 0)
    return { kind: 'wrong', problems: ['is not a day and a number such as 2026-12-01:200'] };
  return { kind: 'ok', value: { from, first: Number(first) } };
};

const dayMs = 86_400_000;

/** Mails allowed on the day (UTC) of an instant; before the first day, as many as on it. */
export const allowanceOn = ({ from, first }: WarmUp, now: Date): number => {
  const days = Math.floor((now.getTime() - Date.parse(`${from}T00:00:00Z`)) / dayMs);
  return first * 2 ** Math.min(Math.max(0, days), 40);
};

/** When the day (UTC) of an instant began. */
export const dayStart = (now: Date): Date => new Date(Math.floor(now.getTime() / dayMs) * dayMs);

export const nextDayStart = (now: Date): Date => new Date(dayStart(now).getTime() + dayMs);

export const rateFor = (rates: DomainRates, domain: string): number | undefined =>
  rates.named.get(domain) ?? rates.others;

/** One domain's place in time. Milliseconds. */
export type Lane = {
  /** When its next mail may go. */
  readonly goAt: number;
  /** Where the line of those that were told to come again ends. */
  readonly tailAt: number;
};

export const emptyLane: Lane = { goAt: 0, tailAt: 0 };

export type Slot = {
  /** `later`: come again then; the line is too long to wait in. */
  readonly kind: 'go' | 'later';
  readonly at: number;
  readonly lane: Lane;
};

/**
 * Gives the next mail of a lane its moment. No two that go are closer than the rate allows. Where
 * the wait would be longer than `patienceMs`, the mail is told when its turn may come and is to ask
 * again then; each is told another moment, so that they do not all come back at once.
 */
export const takeSlot = (lane: Lane, perSecond: number, now: number, patienceMs: number): Slot => {
  const intervalMs = 1000 / perSecond;
  // A lane ahead of any wait there can be was filled before the clock was put back.
  const goAt = lane.goAt - now > patienceMs + intervalMs ? now : Math.max(now, lane.goAt);
  if (goAt - now <= patienceMs)
    return { kind: 'go', at: goAt, lane: { goAt: goAt + intervalMs, tailAt: lane.tailAt } };
  const at = Math.max(goAt, lane.tailAt);
  return { kind: 'later', at, lane: { goAt, tailAt: at + intervalMs } };
};

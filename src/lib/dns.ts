/** The few questions asked of DNS, with "there is none" kept apart from "nobody answered". */
import { Resolver as NodeResolver } from 'node:dns/promises';

export type DnsAnswer =
  | { readonly kind: 'found'; readonly values: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

export type DnsKind = 'TXT' | 'A' | 'MX' | 'PTR';

/** `A` gives IPv4 and IPv6 addresses, `PTR` takes an address, `TXT` joins the pieces of a value. */
export type Resolve = (kind: DnsKind, name: string) => Promise<DnsAnswer>;

/** Asks the system's name servers, or those given. */
export const createResolve = (servers?: readonly string[]): Resolve => {
  const resolver = new NodeResolver({ timeout: 3_000, tries: 2 });
  if (servers) resolver.setServers([...servers]);
  const asked: Readonly<Record<DnsKind, (name: string) => Promise<readonly string[]>>> = {
    TXT: async (name) => (await resolver.resolveTxt(name)).map((pieces) => pieces.join('')),
    MX: async (name) => (await resolver.resolveMx(name)).map(({ exchange }) => exchange),
    PTR: (address) => resolver.reverse(address),
    A: async (name) => {
      const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const values = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      const [first] = found;
      if (values.length === 0 && first?.status === 'rejected') throw first.reason;
      return values;
    },
  };
  return async (kind, name) => {
    try {
      const values = await asked[kind](name);
      return values.length > 0 ? { kind: 'found', values } : { kind: 'none' };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return /^(?:ENODATA|ENOTFOUND)$/.test(code)
        ? { kind: 'none' }
        : { kind: 'failed', reason: `DNS answers ${code} for ${kind} ${name}` };
    }
  };
};

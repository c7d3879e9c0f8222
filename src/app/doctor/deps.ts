import type { Config } from '../../config.ts';
import type { Db } from '../../db/open.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Resolve } from '../../lib/dns.ts';

export type WebAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** The outside world as the doctor sees it; tests bring their own. */
export type DoctorDeps = {
  readonly db: Db;
  readonly config: Config;
  readonly clock: () => Date;
  /** Unset as long as there is none: the doctor makes none. */
  readonly secret: string | undefined;
  readonly resolve: Resolve;
  /** The head of the answer to a GET, whatever its status; rejects when there is none. */
  readonly fetchHead: (url: string) => Promise<WebAnswer>;
  /** Bytes free for this user on the disk that holds a folder. */
  readonly freeBytes: (folder: string) => number;
};

export type Check = (deps: DoctorDeps) => Promise<readonly Finding[]> | readonly Finding[];

export const isLoopbackHost = (host: string): boolean =>
  /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);

export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1);

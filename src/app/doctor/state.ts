/** How the service has been doing, by its own books. */
import { bounceShare, oldestWaiting, suppressedShare } from '../../db/health.ts';
import { countInUse } from '../../db/meanings.ts';
import { countSample } from '../../db/papers.ts';
import { listSourceStates } from '../../db/source-states.ts';
import { type Finding, finding, fine } from '../../domain/finding.ts';
import type { Check, DoctorDeps } from './deps.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const checkState: Check = (deps) => [
  ...sources(deps),
  ...queue(deps),
  ...suppressed(deps),
  ...complaints(deps),
];

/** arXiv rests for two days a week and on holidays, but its feed answers all the same. */
const staleMs = 26 * hourMs;

const sources = ({ db, config, clock }: DoctorDeps): readonly Finding[] => {
  const states = listSourceStates(db);
  const now = clock().getTime();
  const papers = countInUse(db);
  const found = config.sources.flatMap((name): Finding[] => {
    const state = states.find(({ source }) => source === name);
    const read = state?.succeededAt?.getTime();
    if (read !== undefined && now - read <= staleMs) return [];
    if (state === undefined && papers === 0) return [];
    const since = read === undefined ? 'was never read' : `was last read ${ago(now - read)}`;
    return [
      finding(
        'warning',
        'sources.stale',
        `the source ${name} ${since}${state?.error ? `: ${state.error}` : ''}`,
        'what trends is ranked by what was known then',
        `see what "paperboy ingest ${name}" says; a proxy or firewall may be in the way`,
      ),
    ];
  });
  if (papers > 0 && countSample(db) === papers)
    found.push(
      finding(
        config.mail.smtpUrl === undefined ? 'warning' : 'fault',
        'sources.sample',
        'only the bundled sample is there',
        'no digest goes out by a mail server',
        'see that this machine reaches its SOURCES, then run paperboy ingest',
      ),
    );
  return found.length > 0 ? found : [fine('sources', 'the sources are fresh')];
};

const ago = (ms: number): string =>
  ms < 2 * dayMs ? `${Math.round(ms / hourMs)} hours ago` : `${Math.round(ms / dayMs)} days ago`;

const queue = ({ db, clock }: DoctorDeps): readonly Finding[] => {
  const waiting = oldestWaiting(db);
  const age = waiting ? clock().getTime() - waiting.since.getTime() : 0;
  if (!waiting || age < 2 * hourMs) return [fine('queue', 'no mail waits long')];
  return [
    finding(
      age > 12 * hourMs ? 'fault' : 'warning',
      'queue.old',
      `${waiting.count} mails wait, the oldest was planned ${ago(age)}${waiting.reason ? `: ${waiting.reason}` : ''}`,
      'a digest that cannot be delivered for 20 hours is dropped',
      'see that the service runs and what the mail server says: "paperboy deliveries show", LOG_LEVEL=debug',
    ),
  ];
};

const suppressed = ({ db }: DoctorDeps): readonly Finding[] => {
  const { share, suppressed: count, readers } = suppressedShare(db);
  if (readers < 20 || share < 0.05) return [];
  return [
    finding(
      share > 0.15 ? 'fault' : 'warning',
      'suppressed',
      `${count} of ${readers} readers are suppressed`,
      'where the reasons are of mailboxes, the list is old or was bought, or the form is being misused',
      'read the reasons in "paperboy suppressions list": one that speaks of the sender or of a server is no reader’s fault ("suppressions remove" lets them in again); else import only who has agreed, and lately',
    ),
  ];
};

/** Gmail's and Yahoo's rules for bulk senders: stay below 0.1 %, never reach 0.3 %. */
const complaints = ({ db, clock }: DoctorDeps): readonly Finding[] => {
  const { sent, complaints: count } = bounceShare(db, new Date(clock().getTime() - 30 * dayMs));
  const share = sent === 0 ? 0 : count / sent;
  if (count < 2 || share < 0.001) return [];
  return [
    finding(
      share >= 0.003 ? 'fault' : 'warning',
      'complaints',
      `${count} readers called ${sent} mails of the last 30 days spam`,
      'from three in a thousand on large providers refuse the whole domain',
      'mail only who confirmed, less often, and look at who complains: "paperboy suppressions list"',
    ),
  ];
};

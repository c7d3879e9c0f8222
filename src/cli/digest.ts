import type { DigestContent } from '../app/digest-view.ts';
import { english } from '../app/english.ts';
import { planDigests } from '../app/plan.ts';
import { previewDigest } from '../app/preview.ts';
import { type PreviewMail, previewMail } from '../app/preview-mail.ts';
import { type SendReport, sendDue } from '../app/send-due.ts';
import { checkTopics } from '../app/topics.ts';
import { findByEmail, type Subscriber } from '../db/subscribers.ts';
import { languages, parseLanguage } from '../domain/language.ts';
import { absUrl, arxivIdOf } from '../domain/paper.ts';
import { tellPart, whyHere } from '../domain/reason.ts';
import { defaultSettings, parseEmail } from '../domain/subscription.ts';
import { renderTex } from '../domain/tex.ts';
import type { Part } from '../domain/trend.ts';
import { createProgress } from '../lib/progress.ts';
import {
  type Command,
  type CommandContext,
  CommandFailure,
  noPositionals,
  parseAsOf,
  parseCommand,
  printJson,
  textOption,
  UsageError,
  type Values,
} from './command.ts';
import { openDelivery } from './delivery.ts';
import { servePreview } from './preview-page.ts';
import { checkOutbox, leavesHere, loadMailKit } from './wiring.ts';

const formats = ['html', 'text', 'eml', 'json'] as const;

export const digestCommand: Command = {
  name: 'digest',
  usage:
    'digest preview (--to EMAIL | --topics A,B) [--as-of T] [--format html|text|eml|json] [--language L] [--watch] | digest send [--as-of T] [--dry-run] [--json]',
  summary: 'shows one digest, or plans what is due and delivers it',
  run: async (context, args) => {
    const [verb, ...rest] = args;
    if (verb === 'preview') return preview(context, rest);
    if (verb === 'send') return send(context, rest);
    throw new UsageError('say what to do: preview or send');
  },
};

const preview = async (context: CommandContext, args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, {
    to: { type: 'string' },
    topics: { type: 'string' },
    'as-of': { type: 'string' },
    format: { type: 'string' },
    language: { type: 'string' },
    watch: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  noPositionals(positionals);
  const asked = textOption(values, 'format') ?? (values.json === true ? 'json' : 'text');
  const format = formats.find((known) => known === asked);
  if (!format) throw new UsageError(`--format ${asked} is none of ${formats.join(', ')}`);
  const asOf = parseAsOf(values, context.clock);
  const { reader, settings: own } = previewFor(context, values);
  const settings = { ...own, language: languageOf(values) ?? own.language };
  const content = previewDigest(context.openDb(), settings, reader, asOf);
  if (format === 'json') {
    printJson(context, toJson(content, asOf));
    return;
  }
  if (content.papers.length === 0)
    throw new CommandFailure('there is nothing to say in these topics, so no mail would be sent');
  const show = async () => previewMail(await loadMailKit(context), content, reader, asOf);
  if (values.watch === true) return watch(context, show);
  const mail = await show();
  context.print(format === 'html' ? mail.html : format === 'text' ? mail.text : mail.eml);
};

/** Shows the mail on a page of its own, made anew whenever a template changes, until interrupted. */
const watch = async (context: CommandContext, show: () => Promise<PreviewMail>): Promise<void> => {
  const page = await servePreview(show, context.config.templatesDir);
  context.print(`The mail as the templates in ${context.config.templatesDir} make it: ${page.url}`);
  context.note('Edit and save; the page follows. Ctrl-C ends.');
  if (!context.signal.aborted)
    await new Promise((ended) => context.signal.addEventListener('abort', ended, { once: true }));
  await page.close();
};

const languageOf = (values: Values) => {
  const given = textOption(values, 'language');
  if (given === undefined) return undefined;
  const language = parseLanguage(given);
  if (!language) throw new UsageError(`--language ${given} is none of ${languages.join(', ')}`);
  return language;
};

const previewFor = (context: CommandContext, values: Values) => {
  const db = context.openDb();
  const [to, topics] = [textOption(values, 'to'), textOption(values, 'topics')];
  if ((to === undefined) === (topics === undefined))
    throw new UsageError('give either --to EMAIL or --topics A,B');
  if (to !== undefined) return previewForReader(db, to);
  const checked = checkTopics(db, splitTopics(topics ?? ''));
  if (checked.kind === 'invalid') throw new UsageError(checked.problems.join('; '));
  return { reader: undefined, settings: { ...defaultSettings, topics: checked.slugs } };
};

const previewForReader = (db: ReturnType<CommandContext['openDb']>, to: string) => {
  const email = parseEmail(to);
  if (!email) throw new UsageError(`"${to}" is no e-mail address`);
  const reader: Subscriber | undefined = findByEmail(db, email);
  if (!reader) throw new CommandFailure(`${email} is not subscribed`);
  return { reader, settings: reader.settings };
};

// To the query language a comma is a space, so no query needs one.
const splitTopics = (text: string): readonly string[] =>
  text
    .split(/[,;]/)
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');

const toJson = (content: DigestContent, asOf: Date) => ({
  asOf,
  day: content.day,
  papers: content.papers.map(({ paper, topic, score, parts }, index) => ({
    rank: index + 1,
    arxivId: arxivIdOf(paper) ?? null,
    id: paper.id,
    title: renderTex(paper.title),
    url: arxivIdOf(paper) ? absUrl(paper.id) : null,
    topic: english.topic(topic),
    score,
    ...toldReasons(parts),
  })),
});

const toldReasons = (parts: readonly Part[]) => {
  const told = parts.map((part) => tellPart(english, part));
  return { reason: whyHere(told), parts: told };
};

const send = async (context: CommandContext, args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseCommand(args, {
    'as-of': { type: 'string' },
    'dry-run': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  noPositionals(positionals);
  const asOf = parseAsOf(values, context.clock);
  const { report, refused } =
    values['dry-run'] === true
      ? { report: dryRun(context, asOf), refused: 0 }
      : await plannedAndSent(context, asOf);
  if (values.json === true) printJson(context, report);
  else printReport(context, report);
  if (context.signal.aborted) throw new CommandFailure('interrupted; run it again to go on');
  const { sent, deferred, unknown, waiting } = report;
  if (sent === 0 && deferred > 0)
    throw new CommandFailure(`${tookNothing(context)}; what is waiting is tried again later`);
  if (sent === 0 && refused + unknown > 0)
    throw new CommandFailure(
      `no mail went out (deliveries list --state ${refused > 0 ? 'failed' : 'unknown'} says why)`,
    );
  if (waiting > 0 && values['dry-run'] !== true)
    context.note(
      `${deferred + waiting} mails wait (deliveries list --state ${deferred > 0 ? 'deferred' : 'planned'} says why); run it again, or leave them to the service`,
    );
};

const tookNothing = ({ config }: CommandContext): string =>
  config.mail.smtpUrl === undefined
    ? `no mail could be written to ${config.outboxDir} (OUTBOX_DIR)`
    : 'no mail went out (deliveries list --state deferred says why)';

const dryRun = (context: CommandContext, asOf: Date): SendReport => {
  const plan = planDigests(context.openDb(), {
    asOf,
    now: context.clock(),
    reuseMs: 0,
    dryRun: true,
    holdSample: leavesHere(context),
  });
  return { ...plan, sent: 0, deferred: 0, failed: 0, unknown: 0, waiting: plan.planned };
};

/** What has failed for no fault of the server, since its reader has left, is not refused. */
const isServersWord = (reason: string): boolean => /^[45]\d\d\b/.test(reason);

const plannedAndSent = async (
  context: CommandContext,
  asOf: Date,
): Promise<{ readonly report: SendReport; readonly refused: number }> => {
  if (context.config.redisUrl === undefined) await checkOutbox(context);
  const kit = await loadMailKit(context);
  const delivery = await openDelivery(context, kit);
  const progress = createProgress('digest', context.terminal);
  const counts = { sent: 0, deferred: 0, failed: 0, unknown: 0 };
  let [done, total, refused] = [0, 0, 0];
  try {
    const report = await sendDue(
      { db: context.openDb(), clock: context.clock, deliver: delivery.deliver },
      context.isGone,
      { asOf, now: context.clock(), reuseMs: 0, holdSample: leavesHere(context) },
      {
        signal: context.signal,
        // Whoever calls this has perhaps just mended the server.
        atOnce: true,
        onPlanned: (waiting) => {
          total = waiting;
        },
        onHeld: ({ count, until }) =>
          context.note(
            `${count} mails are held by another process or by one that died, until ${new Date(until).toISOString()} at the latest: half a minute is waited for them; run it again later for the rest`,
          ),
        onSettled: ({ state, reason }) => {
          done += 1;
          counts[state] += 1;
          if (state === 'failed' && isServersWord(reason)) refused += 1;
          progress.update(done, Math.max(total, done), nonZero(counts).join(', '));
        },
      },
    );
    return { report, refused };
  } finally {
    progress.stop();
    await delivery.close();
  }
};

const sampleHeld =
  'Only the bundled sample is there, and it is mailed to nobody: see that this machine reaches its SOURCES, then run ingest.';

const printReport = (context: CommandContext, report: SendReport): void => {
  const { due, sent, failed, deferred, unknown, waiting, skipped } = report;
  const reasons = Object.entries(skipped).map(([reason, count]) => [`skipped (${reason})`, count]);
  const others = { failed, deferred, unknown, waiting, ...Object.fromEntries(reasons) };
  context.print([`due: ${due}`, `sent: ${sent}`, ...nonZero(others)].join(', '));
  if (skipped.sample) context.note(sampleHeld);
};

const nonZero = (counts: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [`${name}: ${count}`] : []));

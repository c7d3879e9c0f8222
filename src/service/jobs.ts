/** Everything the service on duty does by itself. */
import type { Checkup } from '../app/checkup.ts';
import type { Deliver } from '../app/deliver.ts';
import type { MailCounts } from '../app/mail-counts.ts';
import type { MailKit } from '../app/mail-kit.ts';
import type { Metrics } from '../app/metrics.ts';
import type { CommandContext } from '../cli/command.ts';
import { bounceJobs } from './jobs/bounces.ts';
import { hubJobs } from './jobs/hub.ts';
import { ingestJob } from './jobs/ingest.ts';
import { learnJob } from './jobs/learn.ts';
import { mailJob } from './jobs/mail.ts';
import { embeddingsJobs, meaningJob } from './jobs/meaning.ts';
import { operatorJobs } from './jobs/operator.ts';
import { planJob } from './jobs/plan.ts';
import { pruneJob } from './jobs/prune.ts';
import type { Job } from './schedule.ts';

export type JobParts = {
  readonly kit: MailKit;
  readonly sampleFolder: string;
  readonly mails: MailCounts;
  readonly metrics: Metrics;
  readonly checkup: Checkup;
  readonly deliver: Deliver;
  /** Called when new mails wait. */
  readonly onPlanned: () => void;
};

/** The jobs of the schedule, each timed for the metrics. */
export const serviceJobs = (context: CommandContext, parts: JobParts): readonly Job[] => {
  const { kit, mails, metrics } = parts;
  return [
    ingestJob(context, parts.sampleFolder),
    planJob(context, mails, parts.onPlanned),
    mailJob(context, parts.deliver, mails),
    ...bounceJobs(context, kit.secret),
    pruneJob(context),
    learnJob(context),
    meaningJob(context),
    ...embeddingsJobs(context),
    ...hubJobs(context),
    ...operatorJobs(context, kit, parts.checkup),
  ].map((job) => timed(job, metrics));
};

const timed = (job: Job, metrics: Metrics): Job => ({
  name: job.name,
  run: async (signal) => {
    const from = performance.now();
    const note = (outcome: 'done' | 'failed') =>
      metrics.job(job.name, outcome, (performance.now() - from) / 1000);
    try {
      await job.run(signal);
      note('done');
    } catch (error) {
      note('failed');
      throw error;
    }
  },
});

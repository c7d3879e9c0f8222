/** The service's telling of the WebSub hub. */
import { tellHub } from '../../app/hub.ts';
import type { CommandContext } from '../../cli/command.ts';
import type { Job } from '../schedule.ts';

/** Tells the hub of `WEBSUB_HUB` what feeds have news; no job where that is unset. */
export const hubJobs = ({ config, clock, log, openDb }: CommandContext): readonly Job[] => {
  const { hubUrl, baseUrl } = config;
  if (hubUrl === undefined) return [];
  // A job of its own: a hub that is slow or gone holds up nothing else.
  const run: Job['run'] = async (signal) => {
    const told = await tellHub({ db: openDb(), clock, log, hubUrl, baseUrl }, signal);
    if (told > 0) log.info({ told }, 'the hub knows of the news');
  };
  return [{ name: 'hub', run }];
};

/** Structured logs on standard error; readable lines where that is a terminal. */
import { pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = {
  readonly debug: (details: object, message: string) => void;
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};

/** `terminal` chooses lines for people over JSON for collectors. */
export const createLog = (level: string, terminal: boolean): Log => {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!terminal) return pino(options, pino.destination(2));
  return pino(options, pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss' }));
};

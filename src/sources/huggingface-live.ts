/** Hugging Face Daily Papers: each day's list, for as long as its counts still move. */
import { HttpStatusError } from '../lib/http.ts';
import { parseJsonDocument } from './json-document.ts';
import type { LiveContext, LiveSource } from './live-source.ts';
import { joinUrl } from './live-source.ts';
import type { SourceRecord } from './source-record.ts';
import { rejected } from './source-record.ts';

const dayMs = 86_400_000;
// A list gathers most of its votes within a week.
const daysBack = 7;

/** Today (UTC) and the seven days before, newest first, one request each. */
export const huggingFace: LiveSource = {
  name: 'huggingface',
  fetch: async function* (context: LiveContext): AsyncGenerator<SourceRecord> {
    let lastError: HttpStatusError | undefined;
    let answers = 0;
    for (let back = 0; back <= daysBack; back += 1) {
      const day = new Date(context.now.getTime() - back * dayMs).toISOString().slice(0, 10);
      try {
        yield* await fetchDay(context, day);
        answers += 1;
      } catch (error) {
        // An error answer is that day's; a server that cannot be reached will not be for the rest.
        if (!(error instanceof HttpStatusError)) throw error;
        lastError = error;
        yield rejected(1, `${day}: ${error.message}`);
      }
    }
    if (answers === 0 && lastError) throw lastError;
  },
};

const fetchDay = async (
  { now, fetchText, config, signal }: LiveContext,
  day: string,
): Promise<readonly SourceRecord[]> => {
  const url = joinUrl(config.hfApiUrl, `daily_papers?date=${day}&limit=100`);
  const text = await fetchText(url, { signal });
  if (!/^\s*\[/.test(text)) return [rejected(1, `${day}: the answer is not a JSON list`)];
  return [...parseJsonDocument(text, now)].map((record) =>
    record.kind === 'rejected' ? { ...record, reason: `${day}: ${record.reason}` } : record,
  );
};

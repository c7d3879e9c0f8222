/**
 * A thousand invented readers, the same each time, of mixed topics, rhythms, hours and zones:
 * `node --import tsx test/system/thousand-readers.ts > readers.csv`.
 */
const topics = ['cs.CL', 'cs.CV', 'cs.LG', 'cs.RO', 'cs.AI', 'stat.ML', 'cs.IR', 'math.OC', 'all'];
const queries = [
  'query:"language model" -robot',
  'query:diffusion OR flow',
  'query:cat:cs benchmark',
];
const frequencies = ['daily', 'daily', 'weekdays', 'weekly:fri', 'weekly:mon'];
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Africa/Nairobi',
];

// Park and Miller's generator: chance that is the same on every machine.
let seed = 20_260_320;
const below = (limit: number): number => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % limit;
};
const one = (list: readonly string[]): string => list[below(list.length)] ?? '';

const reader = (index: number): string => {
  const chosen = new Set(Array.from({ length: 1 + below(4) }, () => one(topics)));
  if (below(4) === 0) chosen.add(one(queries));
  const status = below(25) === 0 ? one(['paused', 'unconfirmed', 'unsubscribed']) : 'active';
  const quoted = `"${[...chosen].join(';').replaceAll('"', '""')}"`;
  const email = `reader${index}@readers.example`;
  return [email, quoted, one(frequencies), below(24), one(zones), status].join(',');
};

const rows = Array.from({ length: 1_000 }, (_, index) => reader(index + 1));
process.stdout.write(`email,topics,frequency,hour,timezone,status\n${rows.join('\n')}\n`);

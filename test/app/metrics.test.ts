import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMailCounts } from '../../src/app/mail-counts.ts';
import { createMetrics } from '../../src/app/metrics.ts';
import { insertDelivery } from '../../src/db/deliveries.ts';
import { connect, newDbFile } from '../db/temp-db.ts';
import { addReader, later, noon } from '../invent.ts';

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);

test('every metric the dashboard asks for is told, and each of ours has a place on it', async () => {
  const metrics = createMetrics(connect(newDbFile()), () => noon, {
    process: true,
    service: () => ({ mails: createMailCounts(() => noon), onDuty: true }),
  });
  metrics.request('/topics/:slug', 'GET', 200, 0.01);
  metrics.job('mail', 'done', 0.5);
  const told = namesIn(await metrics.read());
  const dashboard = JSON.parse(readFileSync('docs/grafana.json', 'utf8'));
  const asked = dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) =>
    panel.targets.flatMap(({ expr }) =>
      [...expr.matchAll(/\b(?:paperboy|process|nodejs)_\w+/g)].map(([name]) =>
        told.includes(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ''),
      ),
    ),
  );
  expect(asked.filter((name: string) => !told.includes(name))).toEqual([]);
  const ours = told.filter((name) => name.startsWith('paperboy_'));
  expect(ours.length).toBeGreaterThan(15);
  // How many signals there are is for the curious alone.
  expect(ours.filter((name) => !asked.includes(name))).toEqual(['paperboy_signals']);
});

test('names carry their units, and each has help', async () => {
  const text = await createMetrics(connect(newDbFile()), () => noon).read();
  for (const name of namesIn(text))
    expect(text).toMatch(new RegExp(`# HELP ${name} \\w.+\\.$`, 'm'));
  for (const [, name] of text.matchAll(/# HELP (\S+) .*in seconds/g))
    expect(name).toMatch(/_seconds$/);
  for (const [, name] of text.matchAll(/# HELP (\S+) .*in bytes/g)) expect(name).toMatch(/_bytes$/);
});

test('counts are those of the ledger at the moment they are asked for', async () => {
  const db = connect(newDbFile());
  const metrics = createMetrics(db, () => later(noon, 90_000));
  expect(await metrics.read()).toContain('paperboy_delivery_oldest_waiting_seconds 0');
  const subscriberId = addReader(db, 'ada@readers.example');
  insertDelivery(db, { key: 'x', kind: 'confirmation', subscriberId, at: noon });
  const text = await metrics.read();
  expect(text).toContain('paperboy_subscribers{status="active"} 1');
  expect(text).toContain('paperboy_deliveries{state="planned"} 1');
  expect(text).toContain('paperboy_delivery_oldest_waiting_seconds 90');
});

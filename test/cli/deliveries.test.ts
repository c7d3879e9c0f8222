import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonl, tuesday } from '../invented-days.ts';
import { type Story, startStory } from '../story.ts';

describe('paperboy deliveries', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
    story.itIs('2026-03-17T18:00:00Z');
    await story.paperboy(['import', '-'], toJsonl(tuesday));
    const list =
      'email,topics,status\nada@readers.example,cs.CL,active\nbo@readers.example,cs.CL,active\n';
    await story.paperboy(['subscribers', 'import', '-'], list);
    await story.paperboy(['digest', 'send']);
  });
  afterAll(() => story.end());

  it('list shows the ledger, the newest first, and one state of it', async () => {
    const row = { kind: 'digest', state: 'sent', attempts: 1, nextAttemptAt: null };
    expect(await story.paperboy(['deliveries', 'list'])).toMatchObject({
      deliveries: [
        { ...row, email: 'bo@readers.example' },
        { ...row, email: 'ada@readers.example', plannedAt: '2026-03-17T18:00:00.000Z' },
      ],
    });
    expect(await story.paperboy(['deliveries', 'list', '--limit', '1'])).toMatchObject({
      deliveries: [{ email: 'bo@readers.example' }],
    });
    expect(await story.paperboy(['deliveries', 'list', '--state', 'failed'])).toEqual({
      deliveries: [],
      counts: { sent: 2 },
    });
    const told = await story.run(['deliveries', 'list', '--limit', '1']);
    expect(told.stderr).toContain('1 shown; the ledger holds 2 sent');
  });

  it('show tells one mail line by line', async () => {
    const { code, stdout } = await story.run(['deliveries', 'show', 'ada@readers.example']);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^digest-1-2026-03-17 \(1\): digest of \d+ papers to ada@readers/),
      '  2026-03-17T18:00:00.000Z  planned',
      expect.stringMatching(/^ {2}2026-03-17T18:00:00.000Z {2}sent, attempt 1: 250/),
    ]);
    expect(await story.paperboy(['deliveries', 'show', '2'])).toMatchObject({
      deliveries: [
        { email: 'bo@readers.example', events: [{ what: 'planned' }, { what: 'sent' }] },
      ],
    });
  });

  it('says when there is no such mail', async () => {
    const { code, stderr } = await story.run(['deliveries', 'show', 'cy@readers.example']);
    expect([code, stderr]).toEqual([
      1,
      'paperboy deliveries: the ledger has no mail of "cy@readers.example"',
    ]);
  });
});

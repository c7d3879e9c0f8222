import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, logged, makePlace, type Place, reasonOf, takePort } from './paperboy.ts';

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('close', () => socket.destroy());
  });

describe('paperboy serve', { timeout: 90_000 }, () => {
  let place: Place;
  beforeEach(() => {
    place = makePlace();
  });
  afterEach(() => place.remove());

  it('shows the bundled sample when no source can be reached, and stops cleanly', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const port = await freePort();
    const service = place.start(['serve'], {
      PORT: String(port),
      LOG_LEVEL: 'info',
      HF_API_URL: nowhere,
      ARXIV_RSS_URL: nowhere,
      ARXIV_API_URL: nowhere,
    });
    const sample = logged(service, 'no source has answered yet: showing the bundled sample');
    expect(await logged(service, 'Paperboy is up')).toMatchObject({ port });
    await sample;

    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('sample');
    expect(html.match(/https:\/\/arxiv\.org\/abs\/\d/g)?.length).toBeGreaterThanOrEqual(10);

    // Twice, as when npm passes on what a supervisor has already told its whole process group.
    service.kill('SIGTERM');
    service.kill('SIGTERM');
    const [code, signal] = await once(service, 'close');
    expect([code, signal]).toEqual([0, null]);
    expect(await isListening(port)).toBe(false);
  });

  it.each([[['serve']], [['serve', '--read-only']]])(
    '%j: the operator’s page tells at once what is quick, and soon what the doctor found beside',
    async (command) => {
      const env = { SOURCES: ',', PORT: String(await freePort()), LOG_LEVEL: 'info' };
      // There is something to read.
      await place.run(['topics'], { env });
      const { stdout } = await place.run(['status-url'], { env });
      const service = place.start(command, env);
      const up = command.length === 1 ? 'Paperboy is up' : 'Paperboy is up, and writes nothing';
      await logged(service, up);
      const page = async () => (await fetch(stdout.trim())).text();
      const first = await page();
      expect(first).toContain('no mail server is set');
      expect(first).toContain('set SMTP_URL and MAIL_FROM once mail is to leave this machine');
      await expect
        .poll(page, { timeout: 60_000, interval: 500 })
        .toContain('the database is sound');
      service.kill('SIGTERM');
      expect(await once(service, 'close')).toEqual([0, null]);
    },
  );

  it('an outbox that cannot be written is an error at the start, of digest send too', async () => {
    const outbox = place.file('outbox', 'not a folder');
    for (const command of [['serve'], ['digest', 'send']]) {
      const result = await place.run(command, { env: { SOURCES: ',' } });
      expect([result.code, result.stdout]).toEqual([1, '']);
      expect(result.stderr).toBe(
        `paperboy ${command[0]}: OUTBOX_DIR is ${outbox}, where no mail can be written: ${outbox} is no folder\n`,
      );
    }
  });

  it('a taken port is an error that says which, and what to set', async () => {
    const { port, server } = await takePort();
    const result = await place.run(['serve'], { env: { PORT: String(port), SOURCES: 'arxiv' } });
    server.close();
    expect([result.code, result.stdout]).toEqual([1, '']);
    expect(reasonOf(result)).toBe(
      `paperboy serve: port ${port} on 127.0.0.1 is taken by another program; set PORT to a free one`,
    );
  });
});

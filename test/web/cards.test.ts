import { describe, expect, it } from 'vitest';
import { drawCard } from '../../src/web/card.ts';
import { createPictures } from '../../src/web/pictures.ts';
import { createWeb } from '../../src/web/routes.ts';
import { fake, paper, papers } from './fakes.ts';

const png = [0x89, 0x50, 0x4e, 0x47];

/** Width and height, from the header of a PNG. */
const sizeOf = (bytes: Uint8Array): readonly number[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
};

describe('pictures beside links', () => {
  const web = createWeb(fake().deps);

  it.each([
    '/cards/home.png',
    '/cards/topics/cs.CL.png',
    '/cards/papers/2603.10001.png',
    '/cards/papers/cs/0112017.png',
    '/cards/editions/2026-03-19.png',
    '/cards/editions/2026-W12.png',
    '/cards/editions/2026-03.png',
  ])('%s is a PNG of the size networks ask for', async (path) => {
    const response = await web.request(path);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect([...bytes.slice(0, 4)]).toEqual(png);
    expect(sizeOf(bytes)).toEqual([1200, 630]);
  });

  it.each([
    '/cards/papers/2603.99999.png',
    '/cards/papers/2603.10001',
    '/cards/topics/own-7.png',
    '/cards/editions/2026-13.png',
  ])('%s does not exist', async (path) => {
    expect((await web.request(path)).status).toBe(404);
  });

  it('each page names the one of its own, or the service’s', async () => {
    const imageOf = async (path: string) =>
      /property="og:image" content="([^"]+)"/.exec(await (await web.request(path)).text())?.[1];
    expect(await imageOf('/papers/cs/0112017')).toBe(
      'http://127.0.0.1/cards/papers/cs/0112017.png',
    );
    expect(await imageOf('/topics/gardens')).toBe('http://127.0.0.1/cards/topics/gardens.png');
    expect(await imageOf('/editions/2026-W12')).toBe(
      'http://127.0.0.1/cards/editions/2026-W12.png',
    );
    expect(await imageOf('/')).toBe('http://127.0.0.1/cards/home.png');
    expect(await imageOf('/manage/man4ge')).toBeUndefined();
  });

  it('serves the icons browsers ask for by themselves', async () => {
    for (const [path, size] of [
      ['/favicon.ico', 48],
      ['/apple-touch-icon.png', 180],
    ] as const) {
      const response = await web.request(path);
      expect(sizeOf(new Uint8Array(await response.arrayBuffer()))).toEqual([size, size]);
    }
  });
});

describe('a card', () => {
  const linesOf = (title: string) =>
    [
      ...drawCard({ kicker: '', title, line: '' }).matchAll(
        /font-size="(\d+)" font-weight="700" letter-spacing="-0.5">([^<]*)</g,
      ),
    ].map(([, size, text]) => ({ size: Number(size), text: text ?? '' }));

  it('sets a short title large and a long one smaller, on more lines', () => {
    expect(linesOf('A Map of the Tides')).toEqual([{ size: 76, text: 'A Map of the Tides' }]);
    const long = linesOf(
      'Slow Gardens: Growing Small Models in Public and Watching Which Ones Bear Fruit',
    );
    expect(long.length).toBeGreaterThan(2);
    expect(long.map(({ text }) => text).join(' ')).toContain('Which Ones Bear Fruit');
  });

  it('shortens what fits in no size, and breaks a word longer than a line', () => {
    const lines = linesOf('moss '.repeat(200));
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)?.text.endsWith('…')).toBe(true);
    expect(linesOf('m'.repeat(90)).length).toBeGreaterThan(3);
  });

  it('draws a hostile title as text', async () => {
    const title = '</text><script>"&\u2028 𝕄 論文';
    const svg = drawCard({ kicker: title, title, line: title });
    expect(svg).not.toContain('<script');
    expect((await createPictures().png(svg, 1200)).length).toBeGreaterThan(1_000);
  });

  it('is drawn once for the same words', async () => {
    const pictures = createPictures();
    const svg = drawCard({ kicker: '', title: papers[0]?.title ?? '', line: '' });
    expect(pictures.png(svg, 1200)).toBe(pictures.png(svg, 1200));
  });

  it('keeps its title inside the picture', async () => {
    const web = createWeb(
      fake({ paperById: () => paper({ id: 'x', title: 'W'.repeat(400) }) }).deps,
    );
    expect((await web.request('/cards/papers/x.png')).status).toBe(200);
  });
});

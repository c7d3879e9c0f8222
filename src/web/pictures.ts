/** Drawings made into PNG pictures on this machine, with the faces that come with the service. */
import { createRequire } from 'node:module';

export type Pictures = {
  /** The picture of an SVG drawing, so many pixels wide. Drawn once, then remembered for a while. */
  readonly png: (svg: string, width: number) => Promise<Uint8Array<ArrayBuffer>>;
};

const files = [
  '@expo-google-fonts/gelasio/700Bold/Gelasio_700Bold.ttf',
  '@expo-google-fonts/gelasio/400Regular/Gelasio_400Regular.ttf',
  // For what Gelasio has no sign for: mathematics above all.
  'dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
];

/** About 30 KB each. */
const mostKept = 300;

/**
 * Drawings are made one after the other on a thread of their own, so that a robot asking for
 * hundreds keeps no reader waiting. The library is loaded with the first one: a command that draws
 * nothing does not pay for it.
 */
export const createPictures = (): Pictures => {
  const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    png: (svg, width) => {
      const key = `${width} ${svg}`;
      const known = kept.get(key);
      kept.delete(key);
      const drawn = known ?? last.then(() => draw(svg, width));
      last = drawn.catch(() => kept.delete(key));
      kept.set(key, drawn);
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      return drawn;
    },
  };
};

const draw = async (svg: string, width: number): Promise<Uint8Array<ArrayBuffer>> => {
  const { renderAsync } = await import('@resvg/resvg-js');
  const { resolve } = createRequire(import.meta.url);
  const font = { fontFiles: files.map((file) => resolve(file)), loadSystemFonts: false };
  const image = await renderAsync(svg, { font, fitTo: { mode: 'width', value: width } });
  return new Uint8Array(image.asPng());
};

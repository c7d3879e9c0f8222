/** gzip undone chunk by chunk, so that everything before a break in the data still comes out. */
import { constants, createGunzip } from 'node:zlib';

export class GzipError extends Error {
  override readonly name = 'GzipError';
}

// Inflating multiplies by 1,032 at most, so a slice of this size bounds what is held at once.
const sliceBytes = 32 * 1024;
// Text compresses 3 to 20 times; beyond this, past a size that hurts nobody, it is a bomb.
const ratio = { most: 200, from: 10 * 1024 * 1024 };

export const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Throws `GzipError` where the data breaks off, is damaged, or inflates beyond all measure. */
export async function* gunzip(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflater = startInflater();
  let step = Promise.resolve();
  try {
    for await (const chunk of input) {
      for (let from = 0; from < chunk.length; from += sliceBytes) {
        await step;
        const output = inflater.take();
        // The next slice inflates in zlib's own thread while the reader is busy with this output.
        step = inflater.write(chunk.subarray(from, from + sliceBytes));
        yield* output;
      }
    }
    await step;
    await inflater.end();
    for (let rest = inflater.take(); rest.length > 0; rest = inflater.take()) yield* rest;
  } finally {
    inflater.close();
  }
}

/** `write` and `end` never fail: `take` gives what came before a failure, and throws it after that. */
const startInflater = () => {
  // Z_SYNC_FLUSH hands out every byte that can be had at each step, so none is lost at a break.
  const zlib = createGunzip({ flush: constants.Z_SYNC_FLUSH, chunkSize: 64 * 1024 });
  let output: Buffer[] = [];
  let failure: GzipError | undefined;
  let ended = false;
  let [bytesIn, bytesOut] = [0, 0];
  // zlib does not call back for the write it fails in, so an error must wake whoever waits for it.
  let wake = (): void => {};
  zlib.on('data', (chunk: Buffer) => {
    output.push(chunk);
    bytesOut += chunk.length;
  });
  // At the end of the input, or earlier where something else follows the gzip data.
  zlib.on('end', () => {
    ended = true;
    wake();
  });
  zlib.on('error', (cause) => {
    failure = new GzipError('gzip data is damaged', { cause });
    wake();
  });
  const untilDone = (start: (done: () => void) => void): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (failure || ended) resolve();
      else start(resolve);
    });

  const take = (): readonly Buffer[] => {
    if (bytesOut > ratio.from && bytesOut > ratio.most * bytesIn) {
      throw new GzipError(`gzip data inflates more than ${ratio.most} times, as no papers do`);
    }
    if (failure && output.length === 0) throw failure;
    const chunks = output;
    output = [];
    return chunks;
  };
  return {
    write: (bytes: Buffer): Promise<void> => {
      bytesIn += bytes.length;
      return untilDone((done) => void zlib.write(bytes, () => done()));
    },
    end: (): Promise<void> => untilDone(() => void zlib.end()),
    take,
    close: (): void => void zlib.destroy(),
  };
};

/** The live sources, by the names `SOURCES` knows them under. A new one is one line here. */
import { arxiv } from './arxiv-live.ts';
import { huggingFace } from './huggingface-live.ts';
import type { LiveSource } from './live-source.ts';

export type { LiveConfig, LiveContext, LiveSource } from './live-source.ts';

export const liveSources: readonly LiveSource[] = [huggingFace, arxiv];

export const findLiveSource = (name: string): LiveSource | undefined =>
  liveSources.find((source) => source.name === name);

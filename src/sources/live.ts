/**
 * The live sources, by the names `SOURCES` knows them under. A new one is one file and one line
 * here. Loaded when asked for, so that reading the settings loads no parser.
 */
import type { LiveSource } from './live-source.ts';

const loaders = {
  huggingface: async () => (await import('./live-huggingface.ts')).huggingFace,
  arxiv: async () => (await import('./live-arxiv.ts')).arxiv,
  'arxiv-oai': async () => (await import('./live-arxiv-oai.ts')).arxivOai,
  github: async () => (await import('./live-github.ts')).github,
  hackernews: async () => (await import('./live-hackernews.ts')).hackerNews,
  openalex: async () => (await import('./live-openalex.ts')).openAlex,
} satisfies Readonly<Record<string, () => Promise<LiveSource>>>;

export type SourceName = keyof typeof loaders;

export const sourceNames = Object.keys(loaders) as readonly SourceName[];

/** Asked when `SOURCES` is not set. */
export const defaultSources: readonly SourceName[] = ['huggingface', 'arxiv'];

export const isSourceName = (name: string): name is SourceName => Object.hasOwn(loaders, name);

export const loadSource = (name: SourceName): Promise<LiveSource> => loaders[name]();

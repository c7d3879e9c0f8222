import type { Assets } from './assets.ts';
import type { WebDeps } from './deps.ts';
import type { Chrome } from './pages/layout.ts';

/** What each group of routes is given. */
export type RouteTools = {
  readonly deps: WebDeps;
  readonly assets: Assets;
  readonly chrome: () => Chrome;
};

/**
 * The rates a service starts with. Origin: `backtest --fit --from 2026-01-01` over Hugging Face
 * upvotes, comments and GitHub stars observed from April 2024 to December 2025 (docs/trending.md).
 * No data was at hand for points and citations: theirs are cautious guesses, to be learned.
 */
import type { GrowthModel } from './growth.ts';

export const defaultGrowth: GrowthModel = {
  rates: {
    upvotes: [0.1, 0.1, 0.1, 0.05, 0.02, 0.005],
    pace: [0.2, 0.4, 0.2, 0.2, 0.2, 0.2, 0.1, 0.1, 0.05, 0.01],
    words: [4, 1.5, 1, 0.5, 0.2, 0.05],
    comments: [0.5, 0.1, 0.05, 0.02],
    'github-stars': [0.1, 0.1, 0.05, 0.01],
    points: [0.3, 0.2, 0.1, 0.01],
    citations: [0.1, 0.1, 0.1, 0.05],
  },
};

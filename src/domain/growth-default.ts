/**
 * The rates a service starts with. Origin: `backtest --fit --from 2026-01-01` over Hugging Face
 * upvotes, comments and GitHub stars observed from April 2024 to December 2025 (docs/trending.md),
 * two figures kept. No data was at hand for points and citations: theirs are cautious guesses, to
 * be learned.
 */
import type { GrowthModel } from './growth.ts';

export const defaultGrowth: GrowthModel = {
  rates: {
    upvotes: [0.059, 0.05, 0.042, 0.01, 0.008],
    pace: [0.1, 0.31, 0.36, 0.33, 0.35, 0.49, 0.51, 0.87, 1.2],
    words: [4.4, 1.2, 2.8, 3.3, 1.5],
    comments: [0.85, 0.054, 0.032, 0.011],
    'github-stars': [0.14, 0.17, 0.078, 0.0045],
    points: [0.3, 0.2, 0.1, 0.01],
    citations: [0.1, 0.1, 0.1, 0.05],
  },
};

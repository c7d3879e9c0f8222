/** The API's query parameters, checked here and described from here. */
import { z } from 'zod';
import { isDay } from '../domain/period.ts';

const wholeNumber = (name: string, least: number, most: number, usual: number) => {
  const message = `${name} is a whole number from ${least} to ${most}`;
  return z.coerce
    .number(message)
    .int(message)
    .min(least, message)
    .max(most, message)
    .default(usual);
};

const queryText = z
  .string()
  .trim()
  .min(1, 'q is empty')
  .max(500, 'q is longer than 500 characters');

const limit = wholeNumber('limit', 1, 200, 10);

export const trendingQuery = z
  .object({ topic: z.string().max(200).optional(), q: queryText.optional(), limit })
  .refine(
    ({ topic, q }) => topic === undefined || q === undefined,
    'topic and q exclude each other',
  );

export const searchQuery = z.object({ q: z.string('q is missing').pipe(queryText), limit });

export const dailyQuery = z.object({
  date: z
    .string()
    .refine(isDay, 'date is a day such as 2026-03-20')
    .meta({ format: 'date' })
    .optional(),
  sort: z
    .enum(['publishedAt', 'trending'], 'sort is publishedAt or trending')
    .default('publishedAt'),
  limit: wholeNumber('limit', 1, 100, 50),
  p: wholeNumber('p', 0, 1000, 0),
});

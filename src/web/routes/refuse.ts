/** The API's one form of refusal. */
import type { z } from 'zod';
import type { QueryFault } from '../../domain/query.ts';
import type { WebContext } from '../client.ts';

export const refuse = (c: WebContext, status: 400 | 404, message: string) =>
  c.json({ error: { message } }, status);

/** All that is wrong with the parameters, at once. */
export const refuseQueryString = (c: WebContext, error: z.ZodError) =>
  refuse(c, 400, error.issues.map((issue) => issue.message).join('; '));

/** A query of the product's language, with the place where it goes wrong. */
export const refuseQuery = (c: WebContext, { message, position }: QueryFault) =>
  c.json({ error: { message, position } }, 400);

export const noTopic = (c: WebContext, slug: string) =>
  refuse(c, 404, `There is no topic "${slug}".`);

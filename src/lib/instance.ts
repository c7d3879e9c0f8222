/** A mark by which a running service is known as the one with a certain secret. */
import { createHmac } from 'node:crypto';

/** 16 hexadecimal digits that tell nothing of the secret. */
export const instanceMark = (secret: string): string =>
  createHmac('sha256', secret).update('paperboy/instance').digest('hex').slice(0, 16);

import { describe, expect, it } from 'vitest';
import { newKey } from '../../src/lib/token.ts';
import { findVerpKeys, hasRoomForVerp, verpAddress } from '../../src/lib/verp.ts';

const secret = 'a secret of more than thirty-two characters';
const bounces = 'bounces@paperboy.example';

describe('a signed return address', () => {
  const key = newKey();
  const address = verpAddress(secret, bounces, key);

  it('names its reader', () => {
    expect(findVerpKeys(secret, bounces, `To: <${address}>`)).toEqual([key]);
  });

  it('keeps within the 64 characters of a local part', () => {
    expect(address.split('@')[0]?.length).toBeLessThanOrEqual(64);
  });

  it('survives a server that changes its case', () => {
    expect(findVerpKeys(secret, bounces, address.toUpperCase())).toEqual([key]);
  });

  it('is found once, however often it stands there', () => {
    expect(findVerpKeys(secret, bounces, `${address}\n<${address}>`)).toHaveLength(1);
  });

  it('is worth nothing with any character changed', () => {
    const start = address.indexOf('+') + 1;
    for (let at = start; at < address.indexOf('@'); at += 1) {
      const other = address[at] === 'a' ? 'b' : 'a';
      const forged = address.slice(0, at) + other + address.slice(at + 1);
      expect(findVerpKeys(secret, bounces, forged)).toEqual([]);
    }
  });

  it('is worth nothing with another secret or at another address', () => {
    expect(findVerpKeys(`${secret}!`, bounces, address)).toEqual([]);
    expect(findVerpKeys(secret, 'bounces@other.example', address)).toEqual([]);
  });
});

it('an address too long to mark stays as it is', () => {
  const long = 'the-place-where-all-bounces-go@paperboy.example';
  expect(hasRoomForVerp(long)).toBe(false);
  expect(verpAddress(secret, long, newKey())).toBe(long);
});

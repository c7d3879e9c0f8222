/** Octets held by a string: characters below 256, as Node's hashes give them. */

/** Writes a string of octets; it is short, and a call into the library takes longer. */
export const putOctets = (bytes: Buffer, from: number, octets: string): void => {
  for (let at = 0; at < octets.length; at += 1) bytes[from + at] = octets.charCodeAt(at);
};

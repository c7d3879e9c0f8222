import fc from 'fast-check';

/** Any text at all: control characters, every script, lone surrogates; often plain ASCII. */
export const anyText = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength })
    .map((codes) => String.fromCharCode(...codes));

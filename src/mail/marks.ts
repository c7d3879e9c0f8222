/** Marks no text holds, since `clampText` removes them, by which the press knows its places. */

/** Around each paper's block … */
export const blockStart = '\uFDD0';
export const blockEnd = '\uFDD1';
/** … and around the name of a hole, with how it is to be wrapped. */
export const holeStart = '\uFDD2';
export const holeEnd = '\uFDD3';
export const wrapMark = '\uFDD4';
/** … and, where a hole stands inside what is to be wrapped, around its name. */
export const innerStart = '\uFDD5';
export const innerEnd = '\uFDD6';

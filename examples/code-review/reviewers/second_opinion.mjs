/** Oxlint as it comes: a second, independent implementation of many of the style reviewer's rules. */
export { oxlint as review } from '../tools/oxlint.mjs';

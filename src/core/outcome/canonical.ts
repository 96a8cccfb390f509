import canonicalize from 'canonicalize';

/** A value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether it is a map: of what JSON can carry, neither a list nor a scalar. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deeper values are refused before they are written: `JSON.stringify` overflows the stack far above this. */
export const MAX_DEPTH = 500;

/** The digest every part of Muster uses: lower-case hex SHA-256. Given as an argument, because `core/` hashes nothing itself. */
export type Digest = (bytes: Uint8Array | string) => string;

/**
 * Canonical JSON by RFC 8785: one value, one text, to the byte.
 * @throws RangeError where the value is nested deeper than {@link MAX_DEPTH}.
 */
export const canonical = (value: Json): string => canonicalWithin(MAX_DEPTH, value);

/** {@link canonical} for what wraps values that may be as deep as {@link MAX_DEPTH} themselves. */
export function canonicalWithin(depth: number, value: Json): string {
  if (depthExceeds(value, depth)) throw new RangeError(`nested deeper than ${depth} levels`);
  return canonicalize(value) as string;
}

/** Whether `value` nests deeper than `limit` levels; itself safe on any depth. */
export function depthExceeds(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((v) => (v !== null && typeof v === 'object' ? Object.values(v) : []));
  }
  return false;
}

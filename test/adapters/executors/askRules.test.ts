import { describe, expect, it } from 'vitest';
import { retryAfter } from '../../../src/adapters/executors/retryAfter.js';
import { permitsStrict } from '../../../src/adapters/executors/strictSchema.js';
import type { JsonObject } from '../../../src/core/outcome/canonical.js';

describe('Retry-After', () => {
  const at = (value: string) => retryAfter(value, Date.UTC(2026, 0, 1));
  it('is seconds or a date, never less than nothing nor more than a day, and absent where it is neither', () => {
    expect(at('3')).toBe(3000);
    expect(at('Thu, 01 Jan 2026 00:00:05 GMT')).toBe(5000);
    expect(at('Wed, 31 Dec 2025 00:00:00 GMT')).toBe(0);
    expect(at('9'.repeat(400))).toBe(24 * 3600 * 1000);
    expect(at('soon')).toBeUndefined();
    expect(retryAfter(undefined, 0)).toBeUndefined();
  });
});

describe('a schema may be strict', () => {
  const closed: JsonObject = {
    type: 'object',
    properties: { rows: { type: 'array', items: { type: 'string' } } },
    required: ['rows'],
    additionalProperties: false,
  };
  it('where every object is closed and requires all it has', () => expect(permitsStrict(closed)).toBe(true));
  it.each<[string, JsonObject]>([
    ['an open object', { ...closed, additionalProperties: true }],
    ['an optional property', { ...closed, required: [] }],
    [
      'a keyword that providers do not take',
      { ...closed, properties: { rows: { type: 'array', minItems: 1 } } },
    ],
    ['another root than an object', { type: 'array', items: closed }],
    ['such a thing further in', { ...closed, properties: { rows: { anyOf: [{ type: 'object' }] } } }],
  ])('but not with %s', (_, schema) => expect(permitsStrict(schema)).toBe(false));
});

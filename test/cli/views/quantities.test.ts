import { expect, it } from 'vitest';
import { bytes, clock, count, span, times } from '../../../src/cli/views/quantities.js';

it('says a span in the two largest units that matter', () => {
  expect([300, 5_000, 41_000, 59_600, 372_000, 840_000, 30_000_000, 90_000_000].map(span)).toEqual([
    '0.3 s',
    '5 s',
    '41 s',
    '1m',
    '6m 12s',
    '14m',
    '8h 20m',
    '1d 1h',
  ]);
});

it('counts up by the clock', () => {
  expect([0, 41_999, 67_000, 3_722_000].map(clock)).toEqual(['0:00', '0:41', '1:07', '1:02:02']);
});

it('gives every number a unit', () => {
  expect([0, 999, 1_000, 43_210, 12_000_000, 999_600].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '43 kB',
    '12 MB',
    '1 MB',
  ]);
  expect([count(1, 'brief'), count(1203, 'brief')]).toEqual(['1 brief', '1,203 briefs']);
  expect([1.04, 2, 9.96, 15.5].map(times)).toEqual(['1.0 ×', '2.0 ×', '10 ×', '16 ×']);
});

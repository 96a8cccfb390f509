import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/core/plan/nearest.js';

describe('the nearest known name', () => {
  it.each([
    ['explor', ['explore', 'export'], 'explore'],
    ['exlpore', ['explode', 'explore'], 'explore'],
    ['Retry', ['retry'], 'retry'],
    ['id', ['if', 'it'], 'if'],
    ['zork', ['explore'], undefined],
    ['ab', ['xy'], undefined],
    ['x', [], undefined],
  ])('to %s among %j is %s', (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it('is asked about only where it is near', () => {
    expect(didYouMean('explor', ['explore'])).toBe(' Did you mean `explore`?');
    expect(didYouMean('zork', ['explore'])).toBe('');
  });
});

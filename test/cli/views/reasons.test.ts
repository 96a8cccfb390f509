import { describe, expect, it } from 'vitest';
import { inShort, reasonOf } from '../../../src/cli/views/reasons.js';

describe('a reason beside the label of its brief', () => {
  it.each([
    ['dig[a]: `false` exited with 1.', 'exited with 1.'],
    ['The vote of dig[a] is not decided: 1 of 3 say yes.', 'The vote is not decided: 1 of 3 say yes.'],
    ['The output of dig[ab] is no JSON.', 'The output of dig[ab] is no JSON.'],
  ])('says that no second time: %s', (message, shown) => {
    expect(reasonOf(message, 'dig[a]')).toBe(shown);
  });

  it('ends before what is to be done, where there is a line at most', () => {
    expect(inShort('dig took too long. Give it more time.', 'dig')).toBe('took too long');
  });
});

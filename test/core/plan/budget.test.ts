import { expect, it } from 'vitest';
import { compiled, plan } from './support.js';

const warned = async (text: string) =>
  (await compiled(plan(text))).warnings
    .filter(({ message }) => message.includes('one call alone'))
    .map(({ path, message }) => `${path}: ${message}`);

it('a brief whose one answer may be more than its budget is warned of: it would never be asked', async () => {
  const asked = (more: string, top = '') =>
    warned(
      `models: { default: gpt-5-mini }\n${top}briefs: [{ id: a, ask: Which?, output: { type: object }, ${more} }]`,
    );
  expect(await asked('budget: { tokens: 500 }')).toEqual([
    'briefs[0].budget: the answer of one call alone, 1,000 tokens, $0.002 (reckoned with, for no `maxTokens` says), is more than its budget of 500 tokens: nothing would be asked. Allow more, or shorter answers by `maxTokens`.',
  ]);
  expect(await asked('maxTokens: 400, budget: { tokens: 500 }')).toEqual([]);
  expect(await asked('maxTokens: 4000, budget: { usd: 0.001 }')).toHaveLength(1);
  expect(await asked('maxTokens: 4000', 'limits: { budget: { tokens: 3000 } }\n')).toEqual([
    expect.stringContaining(
      'briefs[0]: the answer of one call alone, 4,000 tokens, $0.008 (its `maxTokens`), is more than the whole budget of the run, 3,000 tokens',
    ),
  ]);
  expect(await asked('maxTokens: 4000', 'limits: { budget: { tokens: 5000 } }\n')).toEqual([]);
});

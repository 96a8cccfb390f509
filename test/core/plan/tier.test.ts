import { describe, expect, it } from 'vitest';
import { modelFor } from '../../../src/core/plan/tier.js';
import { compiled, memoryFolder, plan } from './support.js';

const FEW =
  'output: { type: object, additionalProperties: false, properties: { ok: { type: boolean }, kind: { enum: [a, b] } } }';
const FREE = 'output: { type: object, properties: { why: { type: string } } }';
const JOINS = 'it brings together what several found';
const SMALL = 'a small task whose answer is one of few';
const NOTHING = 'nothing speaks for another';
const SAID = 'the plan says so';

/** What a brief says, the tier it gets where the plan has all three, and why: chosen before the rules were written. */
const TABLE: readonly (readonly [brief: string, tier: string, because: string])[] = [
  ['ask: Which is it?, model: capable', 'capable', SAID],
  ['ask: Which is it?, model: gpt-9', 'gpt-9', SAID],
  [`ask: Is it so?, model: fast, ${FREE}`, 'fast', SAID],
  [`ask: Which is it?, role: explorer, ${FREE}`, 'fast', 'its role explorer says so'],
  [`ask: Which is it?, role: explorer, model: default`, 'default', SAID],
  [`ask: Decide., needs: [n, m], context: [n, m], role: explorer`, 'fast', 'its role explorer says so'],
  [`ask: Decide., needs: [n, m], context: [n, m], ${FREE}`, 'capable', JOINS],
  [`ask: Is it so?, needs: [n, m], context: [n, m], ${FEW}`, 'capable', JOINS],
  [`ask: Sum up., needs: [fan], context: [fan], ${FREE}`, 'capable', JOINS],
  [`ask: Sum up., needs: [n], context: [n], ${FREE}`, 'default', NOTHING],
  [`ask: Is it so?, needs: [n], context: [n], ${FEW}`, 'fast', SMALL],
  [`ask: Is it so?, ${FEW}`, 'fast', SMALL],
  ['ask: How many?, output: { type: integer }', 'fast', SMALL],
  [
    'ask: Which kind?, output: { type: object, properties: { kind: { enum: [bug, feature] } } }',
    'fast',
    SMALL,
  ],
  ['ask: What kinds?, output: { type: array, items: { enum: [bug, feature] } }', 'default', NOTHING],
  [`ask: Is it so?, files: [notes], ${FEW}`, 'fast', SMALL],
  [`ask: ${'Look at every corner of it. '.repeat(20)}, ${FEW}`, 'default', NOTHING],
  [`ask: Is it so?, constraints: [a, b, c, d], ${FEW}`, 'default', NOTHING],
  ['ask: Write it.', 'default', NOTHING],
  [`ask: 'Research {{ item }}.', forEach: { in: [a, b] }, ${FREE}`, 'default', NOTHING],
];

const MODELS = { fast: 's-1', default: 'm-1', capable: 'l-1' };

async function chosen(brief: string, models: object = MODELS, raised = 0) {
  const text = plan(
    `models: ${JSON.stringify(models)}\ninputs: { notes: { glob: 'notes/*.md' } }\nbriefs:\n  - { id: n, call: f }\n  - { id: m, call: f }\n  - { id: fan, call: f, forEach: { in: [1, 2] } }\n  - { id: a, ${brief} }`,
  );
  const { plan: whole } = await compiled(text, {}, memoryFolder({ 'notes/a.md': 'A' }));
  return modelFor(whole, whole.briefs[3]!, raised);
}

describe('the model of a brief', () => {
  it('is chosen by the rules as they are stated, for 20 briefs', async () => {
    expect(TABLE).toHaveLength(20);
    for (const [brief, tier, because] of TABLE) {
      const model = MODELS[tier as keyof typeof MODELS] ?? tier;
      expect(await chosen(brief), brief).toEqual({ model, tier, because });
    }
  });

  it('is that of the nearest tier where the plan has no such, and never that of a brief that says another', async () => {
    const small = `ask: Is it so?, ${FEW}`;
    const joins = `ask: Decide., needs: [n, m], context: [n, m], ${FREE}`;
    expect((await chosen(small, { default: 'm-1', capable: 'l-1' })).model).toBe('m-1');
    expect((await chosen(small, { capable: 'l-1' })).model).toBe('l-1');
    expect((await chosen(joins, { fast: 's-1', default: 'm-1' })).model).toBe('m-1');
    expect((await chosen(joins, {})).model).toBe('default');
    expect((await chosen('ask: x, model: fast', { default: 'm-1' })).model).toBe('fast');
    expect((await chosen('ask: x, model: constructor', { default: 'm-1' })).model).toBe('constructor');
  });

  it('is a tier higher for each try that raises it, as far as there are any', async () => {
    const small = `ask: Is it so?, ${FEW}`;
    const raised = async (n: number, models: object = MODELS) => (await chosen(small, models, n)).model;
    expect([await raised(0), await raised(1), await raised(2), await raised(3)]).toEqual([
      's-1',
      'm-1',
      'l-1',
      'l-1',
    ]);
    expect(await raised(1, { fast: 's-1', capable: 'l-1' })).toBe('l-1');
    expect((await chosen('ask: x, model: gpt-9', MODELS, 2)).model).toBe('gpt-9');
    expect((await chosen(small, MODELS, 1)).because).toBe(`${SMALL}; raised after a failed try`);
  });
});

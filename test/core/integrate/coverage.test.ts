import { describe, expect, it } from 'vitest';
import { type Coverage, coverageOf } from '../../../src/core/integrate/coverage.js';
import type { Hole } from '../../../src/core/integrate/holes.js';
import type { LedgerRow } from '../../../src/core/integrate/ledger.js';
import type { Check } from '../../../src/core/plan/integration.js';
import type { Plan } from '../../../src/core/plan/plan.js';
import { mergingPlan } from './support.js';

const data = {
  rows: [
    { vendor: 'Temporal', cost: 3 },
    { vendor: 'DBOS', cost: 1 },
  ],
};
const ledger: readonly LedgerRow[] = [
  { brief: 'a', status: 'succeeded', tries: 1 },
  { brief: 'b', key: 'Restate', status: 'missing', tries: 4 },
];
const hole = (brief: string, key?: string): Hole => ({
  brief,
  ...(key !== undefined && { key }),
  status: 'missing',
  why: '',
  wouldHaveGiven: '',
});

async function judge(
  check: Check | undefined,
  holes: readonly Hole[] = [hole('b', 'Restate')],
): Promise<Coverage> {
  const base = await mergingPlan(['a', 'b']);
  const plan: Plan = {
    ...base,
    params: { vendors: ['Temporal', 'DBOS', 'Restate'], two: ['Temporal', 'DBOS'], none: [] },
    requirements: [{ id: 'r', says: 'It holds.', ...(check && { check }) }],
  };
  return coverageOf({ plan, data, ledger, holes })[0]!;
}

const vendors = '$.rows[*].vendor';
const integer = { type: 'integer' };

describe('coverage', () => {
  it.each<[string, Check | undefined, Coverage['status'], RegExp]>([
    ['every member found', { kind: 'covers', covers: 'params.two', in: vendors }, 'covered', /^2 of 2/],
    [
      'a member not found',
      { kind: 'covers', covers: 'params.vendors', in: vendors },
      'missing',
      /^2 of 3.*not found: Restate\./,
    ],
    ['nothing asked for', { kind: 'covers', covers: 'params.none', in: vendors }, 'covered', /^0 of 0/],
    [
      'a path that selects nothing',
      { kind: 'covers', covers: 'params.two', in: '$.rowz[*]' },
      'missing',
      /^0 of 2/,
    ],
    ['a list that is none', { kind: 'covers', covers: 'params', in: vendors }, 'missing', /is not a list/],
    [
      'an expression that fails',
      { kind: 'covers', covers: 'params.nobody', in: vendors },
      'missing',
      /cannot be worked out.*params\.nobody/,
    ],
    ['a path that is none', { kind: 'count', in: '$[', min: 1 }, 'missing', /not a JSONPath/],
    ['data that fit', { kind: 'schema', schema: integer, in: '$.rows[*].cost' }, 'covered', /2 values/],
    [
      'data that do not fit',
      { kind: 'schema', schema: integer, in: vendors },
      'contradicted',
      /must be integer/,
    ],
    ['all of the data', { kind: 'schema', schema: { required: ['rows'] } }, 'covered', /The merged data/],
    ['no data to fit', { kind: 'schema', schema: integer, in: '$.nothing' }, 'missing', /selects nothing/],
    [
      'a schema that is none',
      { kind: 'schema', schema: { type: 'nonsense' } },
      'missing',
      /cannot be worked out/,
    ],
    [
      'as many as asked',
      { kind: 'count', in: '$.rows', min: 2, max: 2 },
      'covered',
      /^2 items.*at least 2 and at most 2/,
    ],
    ['too few', { kind: 'count', in: '$.rows', min: 3 }, 'missing', /^2 items.*at least 3/],
    ['too many', { kind: 'count', in: '$.rows[*]', max: 1 }, 'contradicted', /^2 items.*at most 1/],
    ['none where some are asked for', { kind: 'count', in: '$.other', min: 1 }, 'missing', /^0 items/],
    ['all matching', { kind: 'matches', matches: '^[A-Z]', in: vendors }, 'covered', /^2 of 2/],
    [
      'one not matching',
      { kind: 'matches', matches: '^T', in: vendors },
      'contradicted',
      /^1 of 2.*these do not: DBOS/,
    ],
    ['nothing to match', { kind: 'matches', matches: '.', in: '$.nothing[*]' }, 'missing', /selects nothing/],
    [
      'a pattern that is none',
      { kind: 'matches', matches: '(', in: vendors },
      'missing',
      /cannot be worked out/,
    ],
    ['true', { kind: 'cel', cel: 'data.rows.all(r, r.cost > 0)' }, 'covered', /is true/],
    ['false', { kind: 'cel', cel: 'data.rows.all(r, r.cost > 1)' }, 'contradicted', /is false/],
    [
      'the ledger',
      { kind: 'cel', cel: 'ledger.exists(r, r.label == "b[Restate]" && r.status == "missing")' },
      'covered',
      /is true/,
    ],
    ['neither true nor false', { kind: 'cel', cel: 'data.rows.size()' }, 'missing', /gives 2, neither/],
    ['no check', undefined, 'unchecked', /gives no check/],
  ])('%s', async (_, check, status, evidence) => {
    const found = await judge(check);
    expect(found.status).toBe(status);
    expect(found.evidence).toMatch(evidence);
  });

  const covers: Check = { kind: 'covers', covers: 'params.vendors', in: vendors };

  it('names what is lacking, and the instance of that name which would have given it', async () => {
    const found = await judge(covers, [hole('a'), hole('b', 'Restate')]);
    expect(found.lacking).toEqual(['Restate']);
    expect(found.wouldHaveComeFrom).toEqual(['b[Restate]']);
  });

  it('else names every hole that feeds the collection', async () => {
    expect((await judge(covers, [hole('a'), hole('elsewhere')])).wouldHaveComeFrom).toEqual(['a']);
    expect(await judge(covers, [])).not.toHaveProperty('wouldHaveComeFrom');
  });
});

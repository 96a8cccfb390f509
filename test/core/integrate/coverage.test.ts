import { describe, expect, it } from 'vitest';
import type { Coverage, Judged } from '../../../src/core/integrate/checks/finding.js';
import { coverageOf } from '../../../src/core/integrate/coverage.js';
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
  kinds: ['engine', 'library', 'engine'],
};
const merged: Judged['merged'] = {
  data,
  said: { rows: 6 },
  duplicates: [{ in: 'rows', item: { vendor: 'DBOS' }, by: ['a', 'b'] }],
  dropped: [{ in: 'rows', item: { vendor: 'Inngest' }, by: ['a'] }],
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
  const provenance = { items: {}, files: {}, inputs: {} };
  return coverageOf({ plan, merged, ledger, holes, outputs: [], provenance })[0]!;
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
    ['no value twice', { kind: 'unique', in: vendors }, 'covered', /^2 values.*all different/],
    [
      'a value twice',
      { kind: 'unique', in: '$.kinds[*]' },
      'contradicted',
      /^3 values at .*; more than once: engine \(2 times\)\.$/,
    ],
    ['nothing to be unique', { kind: 'unique', in: '$.rowz[*]' }, 'missing', /selects nothing/],
    ['numbers within bounds', { kind: 'range', in: '$.rows[*].cost', min: 1, max: 3 }, 'covered', /^2 of 2/],
    [
      'a number out of bounds',
      { kind: 'range', in: '$.rows[*].cost', min: 2 },
      'contradicted',
      /^1 of 2 .* at least 2; these are not: 1\.$/,
    ],
    [
      'what is no number',
      { kind: 'range', in: vendors, max: 9 },
      'contradicted',
      /^0 of 2 .*these are not: Temporal, DBOS/,
    ],
    [
      'all that went in, with what is listed',
      { kind: 'reconcile', reconcile: '7', in: '$.rows' },
      'covered',
      /^7 went in .* accounted for are 7: 2 at `\$\.rows`, 1 said again, 2 joined .*, 1 dropped, 1 missing\.$/,
    ],
    [
      'less than went in',
      { kind: 'reconcile', reconcile: '8', in: '$.rows' },
      'missing',
      /accounted for are 7/,
    ],
    ['more than went in', { kind: 'reconcile', reconcile: '6', in: '$.rows' }, 'contradicted', /are 7/],
    ['no number to go by', { kind: 'reconcile', reconcile: 'params', in: '$.rows' }, 'missing', /no number/],
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

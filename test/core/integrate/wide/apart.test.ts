import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, draftOf } from '../../../../src/core/integrate/report.js';
import { undecided } from '../../../../src/core/integrate/verdict.js';
import { madeWhole, parted } from '../../../../src/core/integrate/wide/apart.js';
import { totalAt } from '../../../../src/core/integrate/wide/parts.js';
import { canonical, type Json } from '../../../../src/core/outcome/canonical.js';
import type { Merge } from '../../../../src/core/plan/integration.js';
import { mergingPlan, output } from '../support.js';

const rows = fc.array(
  fc.record({
    vendor: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    region: fc.constantFrom('EU', 'US'),
    text: fc.string({ maxLength: 40 }),
  }),
  { maxLength: 8 },
);
const entries = fc.constantFrom<Partial<Merge>[]>(
  {},
  { key: [] },
  { group: ['region'], conflicts: [{ kind: 'fail' }] },
  { deep: true, key: [] },
  { rank: { by: 'text', order: 'ascending', top: 2 } },
);
const RANGE = { kind: 'range', in: '$.rows[*].text', min: 1 } as const;

/** An answer with all kinds of lists. */
const answers = fc.tuple(fc.array(rows, { maxLength: 5 }), entries, fc.boolean());

async function answered([said, entry, merged]: readonly [readonly Json[][], Partial<Merge>, boolean]) {
  const plan = await mergingPlan(['a', 'b'], entry);
  const { merge } = plan.integrate;
  const whole = {
    ...plan,
    integrate: { merge: merged ? merge : [] },
    requirements: [{ id: 'texts', says: 'Texts are numbers.', check: RANGE }],
  };
  const outputs = said.map((rows, k) => output(k % 2 ? 'a' : 'b', { rows }, merged ? `${k}` : undefined));
  return { plan: whole, answer: answerOf(draftOf({ plan: whole, ledger: [], outputs })) };
}

const plainOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what of an answer is too long for a report', () => {
  it('lies apart in order, and with it in its place the answer is the same to the byte', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.nat(3_000), async (given, report) => {
        const { plan, answer } = await answered(given);
        const { answer: short, rests } = parted(answer, plan, { report });
        const apart = rests.map(({ items, ...named }) => ({ ...named, parts: [], items: [...items] }));
        for (const { items, count, at, from } of apart) {
          expect(items).toHaveLength(count);
          if (from !== undefined) expect(totalAt({ apart }, at.slice(2), from)).toBe(from + count);
        }
        const more = new Map(apart.map(({ at, items }) => [at, items]));
        const named = apart.map(({ items: _, ...one }) => one);
        const again = madeWhole({ ...short, apart: named }, more);
        expect(canonical(plainOf(again) as Json)).toBe(canonical(plainOf(answer) as Json));
        expect(undecided({ ...short, apart: named })).toBe(undecided(answer));
        expect(named.length > 0).toBe(sizeOf(answer) > report);
      }),
      { numRuns: 300 },
    );
  });

  it('is a matter of the answer and the bound alone, and what stays keeps within it', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 50, max: 3_000 }), async (given, report) => {
        const { plan, answer } = await answered(given);
        const first = parted(answer, plan, { report });
        const second = parted(answer, plan, { report });
        expect(plainOf(second.answer)).toEqual(plainOf(first.answer));
        // `null` stands for a value.
        expect(sizeOf(first.answer)).toBeLessThanOrEqual(report + 5 * Object.keys(answer.data).length);
      }),
      { numRuns: 300 },
    );
  });

  it('is taken of the long lists, and the short ones stay whole', async () => {
    const long = Array.from({ length: 40 }, (_, n) => ({ vendor: `v${n}`, text: 'x'.repeat(100) }));
    const { plan, answer } = await answered([[long, [{ vendor: 'v0', text: 'y' }]], {}, true]);
    const { answer: short, rests } = parted(answer, plan, { report: 2_000 });
    expect(rests.map(({ at }) => at)).toEqual([
      '$.data.rows',
      '$.provenance.items.rows',
      '$.requirements[0].at',
    ]);
    expect(short.conflicts).toHaveLength(1);
    expect(short.provenance.items.rows).toHaveLength((short.data.rows as readonly Json[]).length);
  });
});

/** Characters of the lists that may be long, as JSON. */
function sizeOf({
  data,
  provenance,
  conflicts,
  duplicates,
  dropped = [],
  requirements,
}: Awaited<ReturnType<typeof answered>>['answer']) {
  const all: unknown[] = [
    ...Object.values(data).flat(),
    ...Object.values(provenance.items).flat(),
    ...[...conflicts, ...duplicates, ...dropped],
    ...requirements.flatMap(({ at = [] }) => at),
  ];
  return all.reduce((sum: number, one) => sum + JSON.stringify(one).length + 1, 0);
}

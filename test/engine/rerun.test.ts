import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { nameOf } from '../../src/core/graph/node.js';
import type { Json, JsonObject } from '../../src/core/outcome/canonical.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Anew, OutcomeRow } from '../../src/core/outcome/rows.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { mark } from '../../src/engine/marks.js';
import { runUnit } from '../../src/engine/runUnit.js';
import { readState } from '../../src/engine/segments.js';
import type { Store } from '../../src/ports/store.js';
import { planOf, setting, value } from './setting.js';

/** A brief as these tests write it: it is given a constant and what it uses of its needs. */
interface Written {
  readonly id: string;
  readonly own: number;
  /** Needs whose `x` it is given. */
  readonly uses: readonly string[];
  /** Needs that it only waits for. */
  readonly awaits: readonly string[];
  /** The largest `y` that its schema lets pass. */
  readonly most?: number;
}

const briefOf = ({ id, own, uses, awaits, most }: Written): Partial<Brief> & { id: string } => ({
  id,
  needs: [...uses, ...awaits],
  retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
  stdin: `{'own': ${own}${uses.map((need) => `, '${need}': ${need}.output.x`).join('')}}`,
  ...(most !== undefined && {
    output: { type: 'object', properties: { y: { type: 'integer', maximum: most } } },
  }),
});

/** What any brief makes of its input: `x` says little of it, so that much comes out the same, `y` says more. */
function outputOf(input: Json): { x: number; y: number } {
  const y = [...JSON.stringify(input)].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 97, 7);
  return { x: y % 2, y };
}

interface Ran {
  readonly plan: string;
  readonly first: string;
  /** Briefs whose effect began, in order. */
  readonly carriedOut: readonly string[];
  row(id: string): Promise<OutcomeRow | undefined>;
}

/** Carries out a plan in plan order, as a dispatcher would with one place; `failing` briefs fail for good. */
async function carryOut(
  store: Store,
  written: readonly Written[],
  { first, failing = [], base }: { first: string; failing?: readonly string[]; base?: Ran },
): Promise<Ran> {
  const plan = planOf(...written.map(briefOf));
  const s = await setting(
    plan,
    ({ work, label }) => {
      if (failing.includes(label)) throw new Failure('CallFailed', `${label} fails.`, { permanent: true });
      return value({ ...outputOf(work.kind === 'call' ? work.input : null) });
    },
    store,
  );
  const lease = s.lease();
  const dead = new Set<string>();
  for (const [u, { id, needs }] of plan.briefs.entries()) {
    if (needs.some((need) => dead.has(need))) dead.add(id);
    else {
      const run = { id: first, first, ...(base && { base: { first: base.first, plan: base.plan } }) };
      const ended = await s.clock.until(runUnit(s.lease({ u, run }), s.effects));
      if (ended.kind === 'ended' && ended.result.status !== 'succeeded') dead.add(id);
    }
  }
  return {
    plan: lease.plan,
    first,
    carriedOut: s.tasks.map(({ label }) => label),
    row: async (id) => {
      const u = plan.briefs.findIndex((brief) => brief.id === id);
      return (await readState(store, { run: first, unit: nameOf({ u }) })).final;
    },
  };
}

/** The model: what every brief is given and gives, worked out without the engine; none for those that do not deliver. */
function givenAndGives(written: readonly Written[], failing: readonly string[] = []) {
  const all = new Map<string, { given: JsonObject; waited: Json; gives: { x: number; y: number } }>();
  for (const { id, own, uses, awaits } of written) {
    const needs = [...uses, ...awaits];
    if (failing.includes(id) || needs.some((need) => !all.has(need))) continue;
    const given = { own, ...Object.fromEntries(uses.map((need) => [need, all.get(need)!.gives.x])) };
    const waited = Object.fromEntries(awaits.map((need) => [need, { ...all.get(need)!.gives }]));
    all.set(id, { given, waited, gives: outputOf(given) });
  }
  return all;
}

const same = (a: Json | undefined, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

describe('a re-run', () => {
  const plans = fc.integer({ min: 1, max: 8 }).chain((n) =>
    fc.tuple(
      ...Array.from({ length: n }, (_, i) =>
        fc
          .record({
            own: fc.integer({ min: 0, max: 5 }),
            needs: fc.array(fc.constantFrom('uses', 'awaits', 'none'), { minLength: i, maxLength: i }),
          })
          .map(({ own, needs }): Written => {
            const of = (kind: string) => needs.flatMap((each, j) => (each === kind ? [`b${j}`] : []));
            return { id: `b${i}`, own, uses: of('uses').slice(0, 3), awaits: of('awaits').slice(0, 2) };
          }),
      ),
    ),
  );
  const edits = fc.record({
    owns: fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 0, max: 5 })), { maxLength: 3 }),
    failed: fc.array(fc.nat(7), { maxLength: 2 }),
    bad: fc.array(fc.nat(7), { maxLength: 2 }),
    schemas: fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 0, max: 96 })), { maxLength: 2 }),
    gone: fc.boolean(),
    added: fc.boolean(),
  });

  it('carries out exactly what an edit, a failure or a mark affects, and says which it was', async () => {
    await fc.assert(
      fc.asyncProperty(plans, edits, async (before, edit) => {
        const ids = before.map(({ id }) => id);
        const chosen = (numbers: readonly number[]) => ids.filter((_, i) => numbers.includes(i));
        const failing = chosen(edit.failed);
        const marked = chosen(edit.bad);
        let after: Written[] = before.map((brief, i) => ({
          ...brief,
          own: edit.owns.find(([u]) => u === i)?.[1] ?? brief.own,
          ...edit.schemas.flatMap(([u, most]) => (u === i ? [{ most }] : []))[0],
        }));
        if (edit.gone && after.length > 1) after = after.slice(0, -1);
        if (edit.added) after = [...after, { id: 'fresh', own: 1, uses: ['b0'], awaits: [] }];

        const store = memoryStore();
        const old = await carryOut(store, before, { first: 'old', failing });
        for (const id of marked)
          await mark(store, { run: 'old', unit: nameOf({ u: ids.indexOf(id) }) }, 'bad');
        const now = await carryOut(store, after, { first: 'new', base: old });

        const was = givenAndGives(before, failing);
        // What its own schema does not let pass today is carried out, and rejected.
        const unfit = after.filter(
          ({ id, most = 97 }) => (givenAndGives(after).get(id)?.gives.y ?? 0) > most,
        );
        const is = givenAndGives(
          after,
          unfit.map(({ id }) => id),
        );
        const expected = after.flatMap(({ id, uses, awaits }): [string, Anew['because']][] => {
          const rejected = unfit.some((one) => one.id === id);
          const today = rejected
            ? givenAndGives(
                after,
                unfit.filter((one) => one.id !== id).map((one) => one.id),
              ).get(id)
            : is.get(id);
          if (!today || [...uses, ...awaits].some((need) => !is.has(need))) return [];
          const then = was.get(id);
          if (!ids.includes(id)) return [[id, 'new']];
          if (!then) return [[id, 'not-done']];
          if (marked.includes(id)) return [[id, 'bad']];
          if (!same(then.given, today.given) || !same(then.waited, today.waited)) return [[id, 'changed']];
          return rejected ? [[id, 'unfit']] : [];
        });

        expect([...new Set(now.carriedOut)]).toEqual(expected.map(([id]) => id));
        for (const { id } of after) {
          const row = await now.row(id);
          const why = expected.find(([one]) => one === id)?.[1];
          const rows =
            row &&
            (await readState(store, {
              run: 'new',
              unit: nameOf({ u: after.findIndex((b) => b.id === id) }),
            }));
          if (row) expect(rows?.counted.find(({ anew }) => anew)?.anew?.because).toBe(why);
          expect(row?.reused !== undefined).toBe(row !== undefined && why === undefined);
        }
      }),
      { numRuns: 500 },
    );
  }, 120_000);
});

describe('a brief that allows its result to be used by other runs', () => {
  const HOUR = 3_600_000;
  /** Carries out a brief made from `own` in a run of its own, `later` ms after the beginning of time. */
  async function inTurn(
    store: Store,
    first: string,
    { own = 1, later = 0, cacheMs = HOUR, usage = {} } = {},
  ) {
    const plan = planOf({ id: 'a', ...(cacheMs > 0 && { cacheMs }), stdin: `${own}` });
    const s = await setting(
      plan,
      ({ work }) => ({ ...value({ ...outputOf(work.kind === 'call' ? work.input : null) }), usage }),
      store,
    );
    s.clock.pass(later);
    await s.clock.until(runUnit(s.lease({ run: { id: first, first } }), s.effects));
    return { carriedOut: s.tasks.length, state: await readState(store, { run: first, unit: '0' }) };
  }

  it('is carried out once within its time, and the others say from where and when their result is', async () => {
    const store = memoryStore();
    const first = await inTurn(store, 'first');
    const second = await inTurn(store, 'second', { later: HOUR - 60_000 });
    const third = await inTurn(store, 'third', { later: HOUR - 1 });
    expect([first, second, third].map(({ carriedOut }) => carriedOut)).toEqual([1, 0, 0]);
    for (const { state } of [second, third]) {
      expect(state.final?.reused).toEqual({ run: 'first', ended: first.state.final?.ended });
      expect(state.final?.ref?.digest).toBe(first.state.final?.ref?.digest);
      expect(state.tries).toBe(0);
    }
  });

  it('says what answered when it was carried out', async () => {
    const store = memoryStore();
    await inTurn(store, 'first', { usage: { model: 'simulated-x', inputTokens: 5 } });
    const { state } = await inTurn(store, 'second');
    expect(state.final?.reused).toMatchObject({ run: 'first', model: 'simulated-x' });
    // What it cost is no cost of this run.
    expect(state.final?.usage).toBeUndefined();
  });

  it.each([
    ['when its time is over', { later: HOUR + 60_000 }],
    ['when what it is made from differs', { own: 2 }],
    ['when it does not allow it', { cacheMs: 0 }],
  ])('is carried out %s', async (_, how) => {
    const store = memoryStore();
    await inTurn(store, 'first');
    expect((await inTurn(store, 'second', how)).carriedOut).toBe(1);
  });

  it.each([
    ['as they were left', ['left', 'left'], 0],
    ['changed since', ['left', 'changed'], 1],
    ['not to be read when it had written them', ['unreadable', 'left'], 1],
    ['not to be read any more', ['left', 'unreadable'], 1],
    ['never to be read', ['unreadable', 'unreadable'], 1],
  ])('and writes files, delivers, and is used again by whether those are %s', async (_, looks, again) => {
    const store = memoryStore();
    const look = (n: number) => async () => {
      if (looks[n] !== 'unreadable') return sha256(looks[n]!);
      throw new Failure('InvalidInput', '`out.txt` cannot be read.');
    };
    const plan = { ...planOf({ id: 'a', cacheMs: HOUR, writes: ['out.txt'] }), folder: '/plans' };
    const turn = async (first: string, n: number) => {
      const s = await setting(plan, () => value('done'), store);
      const lease = s.lease({ run: { id: first, first } });
      return [await s.clock.until(runUnit(lease, { ...s.effects, filesDigest: look(n) })), s.tasks.length];
    };
    expect(await turn('first', 0)).toMatchObject([{ result: { status: 'succeeded' } }, 1]);
    expect(await turn('second', 1)).toMatchObject([{ result: { status: 'succeeded' } }, again]);
  });

  it('is carried out when the result was marked bad, and is used again when it is good after all', async () => {
    const store = memoryStore();
    await inTurn(store, 'first');
    await mark(store, { run: 'first', unit: '0' }, 'bad');
    expect((await inTurn(store, 'second')).carriedOut).toBe(1);
    await mark(store, { run: 'second', unit: '0' }, 'bad');
    await mark(store, { run: 'first', unit: '0' }, 'good');
    expect((await inTurn(store, 'third')).carriedOut).toBe(0);
  });

  it('of a run that is gone, plan and all, carries everything out, and waits for nothing', async () => {
    const store = memoryStore();
    const briefs: Written[] = [{ id: 'a', own: 1, uses: [], awaits: [] }];
    const base = await carryOut(store, briefs, { first: 'one' });
    const gone = { ...base, plan: sha256('no such plan') };
    const again = await carryOut(store, briefs, { first: 'two', base: gone });
    expect(again.carriedOut).toEqual(['a']);
    expect((await again.row('a'))?.anew).toEqual({ because: 'not-done' });
  });
});

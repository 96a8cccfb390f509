import { describe, expect, it } from 'vitest';
import { asked } from '../../../src/core/govern/governor.js';
import type { Lease, Limits, Message } from '../../../src/core/govern/lease.js';
import { totalOf } from '../../../src/core/govern/pieces.js';
import { isIdle } from '../../../src/core/govern/resting.js';
import { shares } from '../../../src/core/govern/shares.js';
import { Spender } from '../../../src/core/govern/spender.js';
import { fresh, type State } from '../../../src/core/govern/state.js';

const MINUTE: Limits = { requests: 50, tokens: 20_000, windowMs: 60_000 };
const NOTHING = { answered: 0, unavailable: 0, limited: 0 };

/** A governor that workers talk to one after the other; each message is the next of its worker. */
function talk(limits: Limits = MINUTE) {
  let state: State = fresh('e');
  const last = new Map<string, Lease>();
  let seq = 0;
  return {
    state: () => state,
    another: () => {
      state = fresh('f');
    },
    tell(worker: string, at: number, more: Partial<Message> = {}): Lease {
      const had = last.get(worker);
      const message: Message = {
        ...{ worker, seq: ++seq, limits, requests: had?.requests ?? [], tokens: had?.tokens ?? [] },
        ...(had && { had: { epoch: had.epoch, number: had.number } }),
        ...{ out: { requests: 0, tokens: 0 }, calls: 0, spent: [], waiting: [['r', 100]], seen: NOTHING },
        ...more,
      };
      const answer = asked(state, message, at);
      state = answer.state;
      last.set(worker, answer.lease);
      return answer.lease;
    },
  };
}
const unavailable = (n: number) => ({ seen: { ...NOTHING, unavailable: n } });

describe('a governor', () => {
  it('grants what calls want, and half of the rest, for calls to come', () => {
    const { requests, tokens } = talk().tell('a', 0);
    expect([totalOf(requests!), totalOf(tokens!)]).toEqual([1 + 24, 100 + 9_950]);
  });

  it('grants nothing to who has nothing to do, and takes back what that had', () => {
    const { tell, state } = talk();
    tell('a', 0);
    const done = tell('a', 100, { waiting: [] });
    expect(done).toMatchObject({ requests: [], tokens: [], calls: 0 });
    expect(isIdle(state(), 100)).toBe(true);
  });

  it('takes what a worker does not give back for spent at the end of its lease, and is idle a window later', () => {
    const { tell, state } = talk();
    const { until } = tell('a', 0, { waiting: Array(50).fill(['r', 100]) });
    expect(totalOf(tell('b', until - 1).requests!)).toBe(0);
    expect(totalOf(tell('b', until).requests!)).toBe(0);
    expect(isIdle(state(), until + 60_000)).toBe(false);
    expect(isIdle(state(), until + 90_000)).toBe(true);
  });

  it('lets all it has rest for a window where another governor was ended while somebody held a part', () => {
    const { tell, another } = talk();
    tell('a', 0);
    another();
    expect(totalOf(tell('a', 1_000).requests!)).toBe(0);
    expect(totalOf(tell('b', 59_000).requests!)).toBeGreaterThan(0);
  });

  it('hears no message that another one has overtaken', () => {
    const { tell, state } = talk();
    const { requests } = tell('a', 0);
    const before = state();
    tell('a', 1, { seq: 0, requests: [] });
    expect(state()).toBe(before);
    expect(totalOf(requests!)).toBeGreaterThan(0);
  });

  it('gives a call that wants more than there is all there is, in its turn', () => {
    const { tokens } = talk().tell('a', 0, { waiting: [['r', 50_000]] });
    expect(totalOf(tokens!)).toBe(20_000);
  });

  it('gives a large call all there is by the least that any worker says, and that worker lets it go', () => {
    const { tell } = talk();
    const least = { limits: { ...MINUTE, tokens: 10_000 }, calls: 1, waiting: [] };
    tell('b', 0, least);
    const spender = new Spender('a', MINUTE);
    for (const at of [1, 3]) {
      spender.take(tell('a', at, spender.message([['r', 15_000]], at)), at);
      // What it held for calls to come it holds no longer, as somebody waits.
      tell('b', at + 1, least);
    }
    expect(spender.opensAt(15_000, 4)).toBe(4);
    spender.spend(1, 'r', 15_000, 4);
    expect(spender.message([], 4).spent).toEqual([['r', 1]]);
  });

  it('holds everybody back as long as the provider asked one to wait', () => {
    const { tell } = talk();
    tell('a', 0);
    tell('a', 100, { seen: { ...NOTHING, limited: 1, retryAfterMs: 7_000 } });
    expect(tell('b', 200).notBefore).toEqual({ at: 7_100, why: 'limited' });
    expect(tell('b', 7_100).notBefore).toBeUndefined();
  });

  it('waits longer from one refusal to the next, where the provider says nothing of when', () => {
    const { tell } = talk();
    const refused = { seen: { ...NOTHING, limited: 1 } };
    expect(tell('a', 0, refused).notBefore?.at).toBe(1_000);
    expect(tell('a', 1_000, refused).notBefore?.at).toBe(3_000);
    expect(tell('a', 3_000, refused).notBefore?.at).toBe(7_000);
    expect(tell('a', 7_000, { seen: { ...NOTHING, limited: 1, answered: 1 } }).notBefore?.at).toBe(8_000);
  });

  it('takes calls that were refused while everybody waited for the same refusal as they: the pause is no longer for them', () => {
    const { tell } = talk();
    const refused = { seen: { ...NOTHING, limited: 1 } };
    expect(tell('a', 0, refused).notBefore?.at).toBe(1_000);
    for (let at = 50; at < 500; at += 50) expect(tell('b', at, refused).notBefore?.at).toBe(1_000);
    expect(tell('a', 600, { seen: { ...NOTHING, limited: 1, retryAfterMs: 2_000 } }).notBefore?.at).toBe(
      2_600,
    );
    expect(tell('a', 2_600, refused).notBefore?.at).toBe(4_600);
  });

  it('counts what became of calls once, where it is told again because the answer was lost', () => {
    const { tell, state } = talk();
    const had = tell('a', 0);
    const again = {
      ...{ had: { epoch: 'e', number: had.number }, requests: had.requests!, tokens: had.tokens! },
      ...unavailable(6),
      spent: [['r', 0.1]] as const,
      waiting: [
        ['r', 100],
        ['s', 100],
      ] as const,
    };
    tell('a', 10, again);
    const { circuit, turns } = state();
    expect(circuit.failures).toBe(6);
    tell('a', 20, again);
    expect(state()).toMatchObject({ circuit, turns });
  });

  it('leaves a provider alone after ten failures in a row, lets one call try it, and all once that is answered', () => {
    const { tell } = talk();
    tell('a', 0, unavailable(9));
    expect(tell('b', 1, unavailable(1)).notBefore).toEqual({ at: 5_001, why: 'down' });
    expect(tell('a', 2_000).calls).toBe(0);
    expect(tell('a', 5_001)).toMatchObject({ calls: 1 });
    expect(tell('b', 5_002)).toMatchObject({ calls: 0, notBefore: { why: 'down' } });
    expect(tell('a', 6_000, { seen: { ...NOTHING, answered: 1 } }).calls).toBeGreaterThan(1);
    expect(tell('b', 6_001).notBefore).toBeUndefined();
  });

  it('leaves it alone for twice as long where that call failed too; an answer in between breaks a row', () => {
    const { tell } = talk();
    tell('a', 0, unavailable(10));
    tell('a', 5_000);
    expect(tell('a', 5_500, unavailable(1)).notBefore?.at).toBe(15_500);
    const { tell: other } = talk();
    other('a', 0, unavailable(9));
    expect(other('a', 1, { seen: { ...NOTHING, answered: 1, unavailable: 9 } }).notBefore).toBeUndefined();
  });

  it('has nobody try it who has nothing to ask, however long calls of its are under way', () => {
    const { tell } = talk();
    tell('a', 0, unavailable(10));
    const hangs = { waiting: [], calls: 3 };
    expect(tell('a', 5_000, hangs).calls).toBe(0);
    expect(tell('b', 5_001)).toMatchObject({ calls: 1 });
  });

  it('lets one call try it of a worker that has others under way, and another worker where that call was given up', () => {
    const { tell } = talk();
    tell('a', 0, unavailable(10));
    expect(tell('a', 5_000, { calls: 3 }).calls).toBe(4);
    expect(tell('a', 5_100, { calls: 4 }).calls).toBe(4);
    expect(tell('b', 5_200).calls).toBe(0);
    expect(tell('a', 5_300, { calls: 4, waiting: [] }).calls).toBe(4);
    // None of its calls told of anything.
    tell('a', 5_400, { calls: 3, waiting: [] });
    expect(tell('b', 5_500).calls).toBe(1);
  });

  it('lets another worker try it where the one that was to is gone', () => {
    const { tell } = talk();
    tell('a', 0, unavailable(10));
    const { until } = tell('a', 5_000);
    expect(tell('b', until - 1).calls).toBe(0);
    expect(tell('b', until).calls).toBe(1);
  });
});

describe('calls at once, where no rate is stated', () => {
  const open: Limits = { windowMs: 60_000 };
  const waiting = Array(64).fill(['r', 1]);
  const width = (s: State) => s.width?.calls;

  it('begin at what is stated or fifty, are halved by a refusal, and grow by one a second while calls wait', () => {
    const { tell, state } = talk({ ...open, concurrency: 40 });
    tell('a', 10_000, { waiting });
    expect(width(state())).toBe(40);
    tell('a', 11_000, { waiting, seen: { ...NOTHING, limited: 3 } });
    tell('a', 11_500, { waiting, seen: { ...NOTHING, limited: 3 } });
    expect(width(state())).toBe(20);
    tell('a', 12_000, { waiting });
    expect(width(state())).toBe(21);
    tell('a', 12_500, { waiting });
    expect(width(state())).toBe(21);
    tell('a', 20_000, { waiting: [['r', 1]], calls: 3 });
    expect(width(state())).toBe(22);
  });

  it('are divided evenly, and who has too many lets them run out', () => {
    const { tell } = talk({ ...open, concurrency: 40 });
    expect(tell('a', 0, { waiting }).calls).toBe(40);
    expect(tell('b', 1, { waiting }).calls).toBe(0);
    expect(tell('a', 2, { waiting, calls: 40 }).calls).toBe(20);
    expect(tell('b', 3, { waiting }).calls).toBe(0);
    tell('a', 4, { waiting, calls: 20 });
    expect(tell('b', 5, { waiting }).calls).toBe(20);
  });
});

it('shares give nobody more than it wants, and nobody less than an even part', () => {
  const of = (all: number, wanted: Record<string, number>) =>
    Object.fromEntries(shares(all, new Map(Object.entries(wanted))));
  expect(of(10, { a: 2, b: 20, c: 20 })).toEqual({ a: 2, b: 4, c: 4 });
  expect(of(3, { a: 9, b: 9 })).toEqual({ a: 2, b: 1 });
  expect(of(1, { a: 9, b: 9, c: 9 })).toEqual({ a: 1, b: 0, c: 0 });
  expect(of(11, { a: 1, b: 9, c: 9, d: 9 })).toEqual({ a: 1, b: 4, c: 3, d: 3 });
  expect(of(30, { a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
});

describe('a worker', () => {
  const lease = (more: Partial<Lease> = {}): Lease => ({
    ...{ epoch: 'e', number: 1, kept: true, now: 1_000_000, until: 1_010_000, order: [], calls: 5 },
    ...{ renewMs: 3_333, limits: MINUTE, requests: [[0, 3]], tokens: [[0, 1_000]] },
    ...more,
  });
  const holding = (more: Partial<Lease> = {}) => {
    const spender = new Spender('w', MINUTE);
    spender.message([['r', 1]], 0);
    spender.take(lease(more), 0);
    return spender;
  };

  it('spends a unit again a window after the provider has counted it, not after it was sent', () => {
    const spender = holding({ until: 2_000_000, requests: [[0, 1]] });
    spender.spend(1, 'r', 100, 10);
    expect(spender.opensAt(100, 20)).toBe(Infinity);
    spender.counted(1, 500);
    const at = spender.opensAt(100, 501);
    expect(at).toBeGreaterThanOrEqual(60_500);
    expect(at).toBeLessThan(61_200);
  });

  it('gives back at once what a call did not take, and pays later for what it took too much', () => {
    const spender = holding();
    spender.spend(1, 'r', 900, 10);
    expect(spender.opensAt(200, 20)).toBe(Infinity);
    spender.ended(1, { kind: 'answered', input: 100, output: 300 }, 30);
    expect(spender.opensAt(600, 40)).toBe(40);
    spender.spend(2, 'r', 500, 50);
    spender.ended(2, { kind: 'answered', input: 100, output: 490 }, 60);
    expect(spender.opensAt(11, 70)).toBe(Infinity);
    expect(spender.opensAt(10, 70)).toBe(70);
  });

  it('spends nothing while it waits for an answer, nor once its lease has ended by the latest that it may be', () => {
    const spender = holding();
    expect(spender.opensAt(1, 9_999)).toBe(9_999);
    expect(spender.opensAt(1, 10_000)).toBe(Infinity);
    spender.message([], 100);
    expect(spender.opensAt(1, 200)).toBe(Infinity);
  });

  it('gets nothing back of a call whose lease had ended, for that counted as spent', () => {
    const spender = holding();
    spender.spend(1, 'r', 900, 10);
    spender.message([], 20_000);
    spender.take(
      lease({ number: 2, kept: false, now: 1_020_000, until: 1_030_000, tokens: [[0, 50]] }),
      20_000,
    );
    spender.ended(1, { kind: 'answered', input: 10, output: 10 }, 20_100);
    expect(spender.opensAt(50, 20_200)).toBe(20_200);
    expect(spender.opensAt(51, 20_200)).toBe(Infinity);
  });

  it('that has given back all it had is as new to a governor that began after', () => {
    const spender = holding();
    spender.message([], 100);
    spender.take(lease({ number: 2, requests: [], tokens: [], calls: 0 }), 110);
    expect(spender.message([['r', 100]], 300_000).had).toBeUndefined();
  });

  it('pays what it owes from what it is lent, though that is no more than the next call wants', () => {
    const spender = holding({ tokens: [[0, 100]] });
    spender.spend(1, 'r', 100, 10);
    spender.ended(1, { kind: 'answered', input: 100, output: 300 }, 20);
    // Others want all there is: each time it gets as much as its call wants, and no more.
    for (let number = 2; number < 6; number++) {
      spender.message([['r', 200]], 30);
      spender.take(lease({ number, tokens: [[0, 200]] }), 30);
      if (spender.opensAt(200, 40) === 40) return;
    }
    expect.unreachable('it waits for ever');
  });

  it('owes what it took too much for as long as the provider counts that, and no longer', () => {
    const spender = holding({ until: 2_000_000, tokens: [[0, 100]] });
    spender.spend(1, 'r', 100, 10);
    spender.ended(1, { kind: 'answered', input: 100, output: 300 }, 1_000);
    const take = (number: number, at: number) => {
      spender.message([['r', 200]], at);
      spender.take(lease({ number, now: 1_000_000 + at, until: 2_000_000, tokens: [[0, 200]] }), at);
    };
    take(2, 20_000);
    // What it paid is free when the provider has forgotten, not a window after it was paid.
    const at = spender.opensAt(100, 20_001);
    expect(at).toBeGreaterThanOrEqual(61_000);
    expect(at).toBeLessThan(62_000);
    take(3, 61_001);
    expect(spender.opensAt(200, 61_001)).toBe(61_001);
  });

  it('takes of what nobody tells all that was kept for it: of the question, of the answer, or of both', () => {
    for (const [end, free] of [
      [{ input: 100 }, 100],
      [{ output: 100 }, 100],
      [{}, 100],
      [{ input: 100, output: 100 }, 800],
    ] as const) {
      const spender = holding();
      spender.spend(1, 'r', 900, 10);
      spender.ended(1, { kind: 'answered', ...end }, 20);
      expect(spender.opensAt(free, 30)).toBe(30);
      expect(spender.opensAt(free + 1, 30)).toBe(Infinity);
    }
  });

  it('tells the same again until it is answered, and books afterwards what ended meanwhile', () => {
    const spender = holding();
    spender.spend(1, 'r', 400, 10);
    const first = spender.message([['r', 5]], 100);
    spender.ended(1, { kind: 'answered', input: 100, output: 100 }, 150);
    const again = spender.message([['r', 5]], 200);
    expect(again).toEqual({ ...first, seq: first.seq + 1 });
    spender.take(lease({ number: 2, tokens: [[0, 600]] }), 300);
    expect(spender.opensAt(800, 400)).toBe(400);
  });
});

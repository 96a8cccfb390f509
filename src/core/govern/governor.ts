import { admitted, seen } from './circuit.js';
import { byName, deal, type Stock } from './deal.js';
import { type Claim, isDone, type Lease, type Limits, leaseMs, type Message, renewMs } from './lease.js';
import { type Pieces, together } from './pieces.js';
import { afterAnother, expired, rested, resting, spare, stockOf } from './resting.js';
import { shares } from './shares.js';
import type { Held, Share, State } from './state.js';
import { entered, type Turns } from './turns.js';
import { callsAtOnce, type Width, widthAfter } from './width.js';

/*
 * The governor of one provider and model: what all workers together may ask of it.
 *  1. The allowance is so many units, and each is with one worker, or rests here until it is free. No window ever sees one
 *     unit twice, whatever messages are lost: what a worker does not give back counts as spent at the end of its lease.
 *  2. A worker gives back all it has with each message and spends nothing until it is answered; so whatever it holds is known.
 *  3. Nothing is refused: who gets nothing now gets it later, in turn by run.
 */
/** Between a refusal that says nothing of when and the next call, ms, doubled each time; and at the longest. */
const PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** One message of a worker, and what it may do from now on. */
export function asked(
  before: State,
  message: Message,
  now: number,
): { readonly state: State; readonly lease: Lease } {
  const { worker } = message;
  let state: State = { ...expired(before, now), asked: now };
  if (message.had && message.had.epoch !== state.epoch) state = afterAnother(state, message.limits, now);
  const held = state.leases[worker];
  if (held && message.seq <= held.seq) return { state: before, lease: late(before, held, now) };
  const { back, kept } = returned(held, message);
  const news = held && !isHeard(held, message) ? NO_NEWS : message;
  const others = Object.fromEntries(Object.entries(state.leases).filter(([name]) => name !== worker));
  const limits = leastOf([message.limits, ...Object.values(others).map((one) => one.limits)]);
  state = { ...state, ...after(state, { ...message, seen: news.seen }, limits, now) };
  state = { ...state, leases: others, resting: rested(state, limits, now, back) };

  const number = (held?.number ?? message.had?.number ?? 0) + 1;
  const isOver = isDone(message);
  const { circuit, how } = admitted(state.circuit, message, now);
  const until = now + leaseMs(limits);
  const barred = barrier(state, how, limits, now);
  const terms = {
    ...{ epoch: state.epoch, number, kept, now, until, limits, renewMs: renewMs(limits) },
    ...(barred && { notBefore: barred }),
  };
  if (isOver)
    return { state: { ...state, circuit }, lease: { ...terms, ...nothing(limits), order: [], calls: 0 } };

  const turns = turnsOf(state, { ...message, spent: news.spent }, others);
  const wants = message.calls + message.waiting.length;
  const calls =
    how === 'all'
      ? slots(state, others, worker, wants, limits, turns.workers)
      : how === 'one'
        ? 1 + (circuit.besides ?? 0)
        : 0;
  const room = (how === 'one' ? 1 : calls) + 2 * message.seen.answered;
  const claims = new Map([
    ...Object.entries(others).map(([name, one]) => [name, wantedBy(one)] as const),
    [worker, message.waiting.slice(0, room)] as const,
  ]);
  const stock = stockOf(state, others, back.out, limits);
  const dealt = deal(stock, until, claims, worker, turns, limits);
  const more = how === 'none' || !dealt.isEnough ? { requests: [], tokens: [] } : spare(dealt.left, now);
  const granted = {
    requests: together(limits.windowMs, now, dealt.got.requests, more.requests),
    tokens: together(limits.windowMs, now, dealt.got.tokens, more.tokens),
  };
  const mine: Held = {
    ...{ number, seq: message.seq, until, kept, limits: message.limits, ...granted, out: back.out, wants },
    ...{
      calls: Math.max(calls, message.calls),
      room,
      unserved: message.waiting.filter((one) => !dealt.served.has(one)),
      pending: dealt.pending,
    },
  };
  const next: State = {
    ...{ ...state, circuit, leases: { ...others, [worker]: mine }, turns: turns.told, served: turns.served },
    resting: resting(state, dealt, limits, now),
  };
  const stated = {
    ...(limits.requests !== undefined && { requests: granted.requests }),
    ...(limits.tokens !== undefined && { tokens: granted.tokens }),
  };
  const order = dealt.pending.map(([run]) => run);
  return { state: next, lease: { ...terms, ...stated, order, calls } };
}

/** To a message that another one has overtaken: whoever sent it has its answer by now, and nobody reads this. */
const late = ({ epoch }: State, { number, limits }: Held, now: number): Lease => ({
  ...{ epoch, number, kept: true, now, until: now, limits, order: [], calls: 0, renewMs: renewMs(limits) },
  ...nothing(limits),
});

const wantedBy = ({ unserved, room, pending }: Held): readonly Claim[] =>
  unserved.slice(0, Math.max(0, room - pending.length));

/** Whether a worker knows of its lease. If not, it says again what that was the answer to. */
const isHeard = ({ number }: Held, { had }: Pick<Message, 'had'>): boolean => had?.number === number;
const NO_NEWS: Pick<Message, 'seen' | 'spent'> = {
  seen: { answered: 0, unavailable: 0, limited: 0 },
  spent: [],
};

/** What a worker has now: what it says, or, where it never heard of its lease, all of that. */
function returned(
  held: Held | undefined,
  { had, requests, tokens, out }: Message,
): {
  readonly back: { readonly requests: Pieces; readonly tokens: Pieces; readonly out: Message['out'] };
  readonly kept: boolean;
} {
  if (!held) return { back: { requests: [], tokens: [], out: { requests: 0, tokens: 0 } }, kept: false };
  if (isHeard(held, { had })) return { back: { requests, tokens, out }, kept: true };
  return { back: held, kept: held.kept };
}

/** What the calls of a worker came to, for everybody. */
function after(
  state: State,
  { worker, seen: calls, waiting }: Message,
  limits: Limits,
  now: number,
): Pick<State, 'circuit' | 'notBefore' | 'refusals'> & { readonly width?: Width } {
  const limited = calls.limited > 0;
  // What is refused while everybody waits was under way before: it is no refusal of its own.
  const isNew = limited && now >= state.notBefore;
  const refusals = (calls.answered > 0 ? 0 : state.refusals) + (isNew ? 1 : 0);
  const pause = calls.retryAfterMs ?? (isNew ? Math.min(LONGEST_PAUSE, PAUSE * 2 ** (refusals - 1)) : 0);
  const width = widthAfter(state.width, limits, { limited, waiting: waiting.length > 0 }, now);
  return {
    circuit: seen(state.circuit, worker, calls, now),
    notBefore: limited ? Math.max(state.notBefore, now + pause) : state.notBefore,
    refusals,
    ...(width && { width }),
  };
}

function barrier(
  { notBefore, circuit }: State,
  how: 'all' | 'one' | 'none',
  limits: Limits,
  now: number,
): Lease['notBefore'] {
  // Somebody else tries it: soon it is known what came of that.
  const down =
    how === 'none' && circuit.until !== undefined ? Math.max(circuit.until, now + renewMs(limits)) : 0;
  const at = Math.max(notBefore, down);
  return at > now ? { at, why: down > 0 ? 'down' : 'limited' } : undefined;
}

/** Whose turn it is: by what workers tell, and with it what was given out and not told of yet. */
function turnsOf(
  { turns, served }: State,
  { worker, spent, waiting }: Message,
  others: State['leases'],
): {
  readonly told: readonly Share[];
  readonly served: readonly Share[];
  readonly runs: Turns;
  readonly workers: Turns;
} {
  const held = Object.entries(others);
  const wanting = [
    ...waiting.map(([run]) => run),
    ...held.flatMap(([, { unserved, pending }]) => [...unserved, ...pending].map(([run]) => run)),
  ];
  const sum = spent.reduce((all, [, share]) => all + share, 0);
  const told = entered(added(turns, spent), wanting);
  const by = entered(added(served, [[worker, sum]]), [worker, ...held.map(([name]) => name)]);
  const pendingOf = held.flatMap(([name, { pending }]) => pending.map(([, share]): Share => [name, share]));
  return {
    ...{ told: [...told], served: [...by] },
    runs: added(
      [...told],
      held.flatMap(([, { pending }]) => pending),
    ),
    workers: added([...by], pendingOf),
  };
}

/** Of those who are known. */
function added(before: readonly Share[], more: readonly Share[]): Map<string, number> {
  const sums = new Map(before);
  for (const [name, share] of more) if (sums.has(name)) sums.set(name, sums.get(name)! + share);
  return sums;
}

/**
 * Calls at once for one worker: an even part, or what it wants, the odd one being for who has had least; and of what nobody wants
 * a part, one more being left for who comes anew.
 */
function slots(
  { width }: State,
  others: State['leases'],
  worker: string,
  wants: number,
  limits: Limits,
  had: Turns,
): number {
  const all = callsAtOnce(width, limits);
  const wanted = new Map(
    [[worker, wants] as const, ...Object.entries(others).map(([name, o]) => [name, o.wants] as const)]
      .sort(byName)
      .sort(([a], [b]) => (had.get(a) ?? 0) - (had.get(b) ?? 0)),
  );
  const part = shares(all, wanted);
  const unwanted = all - [...part.values()].reduce((sum, n) => sum + n, 0);
  const fair = part.get(worker)! + Math.floor(unwanted / (wanted.size + 1));
  // What others still have under way is not there, nor what those before it are to have and have not asked for yet.
  const order = [...wanted.keys()];
  const before = new Set(order.slice(0, order.indexOf(worker)));
  const away = Object.entries(others).reduce(
    (sum, [name, o]) => sum + Math.max(o.calls, before.has(name) ? part.get(name)! : 0),
    0,
  );
  return Math.max(0, Math.min(fair, all - away));
}

function leastOf([first, ...others]: readonly [Limits, ...Limits[]]): Limits {
  const least = (a: number | undefined, b: number | undefined) =>
    a === undefined ? b : b === undefined ? a : Math.min(a, b);
  return others.reduce((so, one) => {
    const requests = least(so.requests, one.requests);
    const tokens = least(so.tokens, one.tokens);
    const concurrency = least(so.concurrency, one.concurrency);
    return {
      windowMs: Math.max(so.windowMs, one.windowMs),
      ...(requests !== undefined && { requests }),
      ...(tokens !== undefined && { tokens }),
      ...(concurrency !== undefined && { concurrency }),
    };
  }, first!);
}

const nothing = ({ requests, tokens }: Limits): Stock => ({
  ...(requests !== undefined && { requests: [] }),
  ...(tokens !== undefined && { tokens: [] }),
});

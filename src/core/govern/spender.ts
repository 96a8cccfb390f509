import { type Clocks, met, NEVER_MET, there } from './clocks.js';
import {
  type Claim,
  isDone,
  type Lease,
  type Limits,
  type Message,
  type Seen,
  shareOf,
  within,
} from './lease.js';
import { freeBy, type Pieces, taken, together, totalOf, whenFree } from './pieces.js';

/*
 * What one worker may still spend of what the governor granted it. All times that are asked for are this worker's own, ms,
 * of a clock that is never set back.
 *  1. A unit that was spent is free again a window after the provider is known to have counted it: for a request when the
 *     answer began, or after the time that a request may be on its way; for an answer's tokens when it has come.
 *  2. Between a message and its answer nothing is spent, and what ends meanwhile is booked afterwards. So a message can be
 *     sent again and again until it is answered.
 *  3. What ends after its lease gives nothing back: it counted as spent already.
 */

export type CallId = number;

interface Under {
  readonly tokens: number;
  /** Of the lease that is held, or of an earlier one that has ended. */
  readonly lease: number;
  /** When the request is known to have been counted; until then the request is out. */
  countedAt?: number;
}

/** How a call ended. */
export type End =
  | { readonly kind: 'answered'; readonly input?: number; readonly output?: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'limited'; readonly retryAfterMs?: number }
  /** It was given up here, which says nothing of the provider. */
  | { readonly kind: 'stopped' };

const UNSEEN: Seen = { answered: 0, unavailable: 0, limited: 0 };

export class Spender {
  readonly #worker: string;
  readonly #limits: Limits;
  #clocks: Clocks = NEVER_MET;
  #lease: Lease | undefined;
  /** Counted up where calls under way are no longer of the lease. */
  #generation = 0;
  #requests: Pieces = [];
  #tokens: Pieces = [];
  readonly #calls = new Map<CallId, Under>();
  /** Calls at once that the governor counts as its. */
  #slots = 0;
  /** Tokens that calls took beyond what was kept for them, each with when, by the governor's clock. */
  #debts: Pieces = [];
  #spent = new Map<string, number>();
  #seen: Seen = UNSEEN;
  #message: { readonly text: Omit<Message, 'seq'>; readonly sent: number } | undefined;
  #seq = 0;
  #later: (() => void)[] = [];

  constructor(worker: string, limits: Limits) {
    this.#worker = worker;
    this.#limits = limits;
  }

  get underWay(): number {
    return this.#calls.size;
  }
  get isAsking(): boolean {
    return this.#message !== undefined;
  }
  /** Somebody has to know of it at once. */
  get hasNews(): boolean {
    return this.#seen.limited > 0;
  }

  /** Calls have ended that it may not make again, and that the governor counts as under way. */
  get hasMore(): boolean {
    return Math.max(this.#lease?.calls ?? 0, this.#calls.size) < this.#slots;
  }
  /** It may have no call under way at all, though nothing bars it: others have them all. */
  hasNone(now: number): boolean {
    return this.#lease?.calls === 0 && this.barred(now) === undefined;
  }

  /** When the lease is to be renewed; undefined without one. */
  renewAt(): number | undefined {
    const { now, renewMs } = this.#lease ?? {};
    return now === undefined ? undefined : this.#here(now + renewMs!);
  }

  /** Until when the provider lets nobody go, and why; undefined where it does. */
  barred(now: number): { readonly at: number; readonly why: 'limited' | 'down' } | undefined {
    const barrier = this.#lease?.notBefore;
    if (!barrier || this.#early(now) >= barrier.at) return undefined;
    return { ...barrier, at: this.#here(barrier.at) };
  }

  /** When a call may go, as far as is known: now or earlier, later, or never by this lease. */
  opensAt(wanted: number, now: number): number {
    const lease = this.#lease;
    if (!lease || this.isAsking || this.#late(now) >= lease.until || this.#calls.size >= lease.calls)
      return Infinity;
    const requests = lease.requests === undefined ? 0 : (whenFree(this.#requests, 1) ?? Infinity);
    const tokens =
      lease.tokens === undefined
        ? 0
        : (whenFree(this.#tokens, within(lease.limits, wanted) + totalOf(this.#debtsAt(now))) ?? Infinity);
    const at = Math.max(requests, tokens, lease.notBefore?.at ?? 0);
    if (at >= lease.until) return Infinity;
    return this.#early(now) >= at ? now : this.#here(at);
  }

  /** A call goes out; {@link Spender.opensAt} has said that it may. */
  spend(id: CallId, run: string, wanted: number, now: number): void {
    const tokens = within(this.#counted, wanted);
    this.#payDebts(now);
    this.#requests = taken(this.#requests, 1, this.#early(now))?.left ?? this.#requests;
    this.#tokens = taken(this.#tokens, tokens, this.#early(now))?.left ?? this.#tokens;
    this.#calls.set(id, { tokens, lease: this.#generation });
    this.#spent.set(run, (this.#spent.get(run) ?? 0) + shareOf(this.#counted, tokens));
  }

  /** The provider has begun to answer, or has had time enough to count the request. */
  counted(id: CallId, now: number): void {
    this.#book(() => {
      const call = this.#calls.get(id);
      if (!call || call.countedAt !== undefined) return;
      call.countedAt = this.#late(now);
      if (call.lease === this.#generation)
        this.#requests = this.#with(this.#requests, [call.countedAt, 1], now);
    });
  }

  ended(id: CallId, end: End, now: number): void {
    this.counted(id, now);
    this.#book(() => {
      const call = this.#calls.get(id);
      if (!call) return;
      this.#calls.delete(id);
      this.#see(end);
      if (call.lease !== this.#generation) return;
      const { input, output } = tookOf(end, call.tokens);
      const asked = Math.min(input, call.tokens);
      const said = Math.min(output, call.tokens - asked);
      this.#tokens = this.#with(this.#tokens, [call.countedAt!, asked], now);
      this.#tokens = this.#with(this.#tokens, [this.#late(now), said], now);
      const rest = call.tokens - asked - said;
      if (rest > 0) this.#tokens = together(this.#counted.windowMs, 0, [[0, rest]], this.#tokens);
      const over = input + output - asked - said;
      if (over > 0) this.#debts = [...this.#debts, [this.#late(now), over]];
      this.#payDebts(now);
    });
  }

  /** What to tell the governor: the same until it is answered. */
  message(waiting: readonly Claim[], now: number): Message {
    const text = this.#message?.text ?? this.#tell(waiting);
    this.#message = { text, sent: now };
    return { ...text, seq: ++this.#seq };
  }

  /** What the governor said to it. */
  take(lease: Lease, now: number): void {
    if (!this.#message) return;
    const { text, sent } = this.#message;
    this.#clocks = met(this.#clocks, sent, lease.now, now);
    this.#message = undefined;
    if (!lease.kept) {
      this.#generation++;
      this.#debts = [];
    }
    // Who has given back all is as new: a governor that begins after need not ask itself what it had.
    this.#lease = isDone(text) ? undefined : lease;
    this.#slots = this.#lease ? Math.max(lease.calls, text.calls) : 0;
    this.#requests = lease.requests ?? [];
    this.#tokens = lease.tokens ?? [];
    for (const book of this.#later.splice(0)) book();
    this.#payDebts(now);
  }

  #tell(waiting: readonly Claim[]): Omit<Message, 'seq'> {
    const lease = this.#lease;
    const mine = [...this.#calls.values()].filter((call) => call.lease === this.#generation);
    const text: Omit<Message, 'seq'> = {
      worker: this.#worker,
      ...(lease && { had: { epoch: lease.epoch, number: lease.number } }),
      limits: this.#limits,
      requests: lease?.requests ? this.#requests : [],
      tokens: lease?.tokens ? this.#tokens : [],
      out: {
        requests: lease?.requests ? mine.filter(({ countedAt }) => countedAt === undefined).length : 0,
        tokens: lease?.tokens ? mine.reduce((sum, { tokens }) => sum + tokens, 0) : 0,
      },
      calls: this.#calls.size,
      spent: [...this.#spent],
      waiting,
      seen: this.#seen,
    };
    this.#spent = new Map();
    this.#seen = UNSEEN;
    return text;
  }

  #see(end: End): void {
    const { answered, unavailable, limited, retryAfterMs } = this.#seen;
    const so = { answered, unavailable, limited, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    if (end.kind === 'answered') this.#seen = { ...so, answered: answered + 1, unavailable: 0 };
    if (end.kind === 'unavailable') this.#seen = { ...so, unavailable: unavailable + 1 };
    if (end.kind !== 'limited') return;
    const longest =
      end.retryAfterMs === undefined ? retryAfterMs : Math.max(end.retryAfterMs, retryAfterMs ?? 0);
    this.#seen = { ...so, limited: limited + 1, ...(longest !== undefined && { retryAfterMs: longest }) };
  }

  #book(entry: () => void): void {
    if (this.isAsking) this.#later.push(entry);
    else entry();
  }

  /** Of what it owes that which the provider still counts. */
  #debtsAt(now: number): Pieces {
    return this.#debts.filter(([at]) => at + this.#counted.windowMs > this.#early(now));
  }

  /** What calls took too much is taken from what is free, and is free again when that is counted no longer. */
  #payDebts(now: number): void {
    const debts = this.#lease?.tokens ? this.#debtsAt(now) : [];
    this.#debts = debts.flatMap(([at, amount]) => {
      const some = Math.min(amount, freeBy(this.#tokens, this.#early(now)));
      if (some > 0)
        this.#tokens = this.#with(taken(this.#tokens, some, this.#early(now))!.left, [at, some], now);
      return some < amount ? [[at, amount - some] as const] : [];
    });
  }

  /** With what was spent at a time of the governor's clock: free again a window later. */
  #with(pieces: Pieces, [spentAt, amount]: readonly [number, number], now: number): Pieces {
    const { windowMs } = this.#counted;
    return together(windowMs, this.#early(now), pieces, [[spentAt + windowMs, amount]]);
  }

  /** What is counted by: where others say less, by that. */
  get #counted(): Limits {
    return this.#lease?.limits ?? this.#limits;
  }

  #early = (here: number): number => there(this.#clocks, here)[0];
  #late = (here: number): number => there(this.#clocks, here)[1];
  /** When it is surely that late there. */
  #here = (governors: number): number => governors - there(this.#clocks, 0)[0];
}

/** Of what nobody tells it took all that was kept for it. */
function tookOf(end: End, kept: number): { readonly input: number; readonly output: number } {
  if (end.kind === 'limited') return { input: 0, output: 0 };
  const { input, output }: { input?: number; output?: number } = end.kind === 'answered' ? end : {};
  if (input === undefined) return { input: Math.max(0, kept - (output ?? 0)), output: output ?? 0 };
  return { input, output: output ?? Math.max(0, kept - input) };
}

import { expected, learned, UNKNOWN } from '../../core/govern/estimate.js';
import {
  type Claim,
  isDone,
  type Lease,
  type Limits,
  type Message,
  onTheWayMs,
  renewMs,
  shareOf,
} from '../../core/govern/lease.js';
import { Spender } from '../../core/govern/spender.js';
import { Queue } from '../../core/govern/turns.js';
import type { Over, Pass, Wish } from '../../ports/admission.js';

/*
 * The gate of one model in one worker: calls wait before it, and go as the lease allows.
 *  1. Nobody is refused. What has no lease, or no answer from the governor, waits, and is told why.
 *  2. The governor is told when somebody wants more than there is, when a lease is to be renewed, and at once when the
 *     provider refused a call as one too many.
 *  3. When nothing waits and nothing is under way, what is left is given back.
 */
export interface GateOptions {
  readonly model: string;
  /** Of the provider, for people. */
  readonly host: string;
  /** Of this process; no other has it. */
  readonly worker: string;
  readonly limits: Limits;
  /** Asks the governor. @throws where nobody answers */
  readonly ask: (model: string, message: Message) => Promise<Lease>;
}

interface Waiter {
  readonly wish: Wish;
  /** Whether it is to go elsewhere now. */
  readonly leaves: () => boolean;
  readonly settle: (pass: Pass | undefined) => void;
  told?: string;
}

/** Calls that the governor is told of. */
const TOLD = 64;
/** Waiting for longer than this, a call goes elsewhere where it may, ms. */
const PATIENCE_MS = 10_000;
/** Between two times that nobody answers, ms. */
const AGAIN_MS = 1_000;

export class Gate {
  readonly #options: GateOptions;
  readonly #spender: Spender;
  readonly #queue = new Queue<Waiter>();
  #estimate = UNKNOWN;
  #ids = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Somebody came of whom the governor does not know. */
  #untold = false;
  /** Those it was told of that have not had their turn yet, at most. */
  #told = 0;
  /** All was given back with the last message. */
  #isDone = true;
  #askedAt = -Infinity;
  /** Nobody answered; asked again at that time. */
  #silentUntil: number | undefined;
  #isBusy = false;
  #isClosed = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#spender = new Spender(options.worker, options.limits);
  }

  /** Nothing goes here for a while, as far as is known. */
  get isShut(): boolean {
    const now = performance.now();
    const barred = this.#spender.barred(now);
    return barred !== undefined && (barred.why === 'down' || barred.at - now > PATIENCE_MS);
  }

  /** @returns undefined where it leaves before it has its turn @throws the reason of the wish's signal */
  enter(wish: Wish, leaves: () => boolean): Promise<Pass | undefined> {
    return new Promise((resolve, reject) => {
      if (wish.signal.aborted) return reject(wish.signal.reason);
      const abort = () => {
        this.#queue.drop(wish.run, waiter);
        reject(wish.signal.reason);
        this.#turn();
      };
      const waiter: Waiter = {
        ...{ wish, leaves },
        settle: (pass) => {
          wish.signal.removeEventListener('abort', abort);
          resolve(pass);
        },
      };
      wish.signal.addEventListener('abort', abort, { once: true });
      this.#queue.add(wish.run, waiter);
      this.#untold = true;
      this.#turn();
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Lets go who may, tells the others why not, and asks the governor where that is due. */
  #turn(): void {
    if (this.#isClosed) return;
    const now = performance.now();
    this.#letGo(now);
    this.#sendAway();
    const why = this.#why(now);
    for (const waiter of this.#queue.all()) {
      if (waiter.told === why) continue;
      waiter.told = why;
      waiter.wish.waits(why);
    }
    const due = this.#askAt(now);
    if (due <= now) void this.#ask();
    const first = this.#queue.first();
    const next = Math.min(due <= now ? Infinity : due, first ? this.#opensAt(first, now) : Infinity);
    clearTimeout(this.#timer);
    if (next === Infinity) return;
    const ms = Math.max(1, Math.ceil(next - now));
    this.#timer = setTimeout(() => this.#turn(), ms);
    // With nobody waiting it is only a lease that is to be renewed.
    if (!first) this.#timer.unref();
  }

  #letGo(now: number): void {
    for (;;) {
      const first = this.#queue.first();
      if (!first || this.#opensAt(first, now) > now) return;
      const { wish, settle } = first;
      const tokens = this.#tokensOf(first);
      this.#told--;
      this.#queue.served(wish.run, first, shareOf(this.#options.limits, tokens));
      const id = this.#ids++;
      this.#spender.spend(id, wish.run, tokens, now);
      settle(this.#pass(id, wish));
    }
  }

  #sendAway(): void {
    for (const waiter of this.#queue.all())
      if (waiter.leaves()) {
        this.#queue.drop(waiter.wish.run, waiter);
        waiter.settle(undefined);
      }
  }

  #pass(id: number, { characters }: Wish): Pass {
    const counted = () => this.#spender.counted(id, performance.now());
    let timer: NodeJS.Timeout | undefined;
    return {
      model: this.#options.model,
      sent: () => {
        timer ??= setTimeout(counted, onTheWayMs(this.#options.limits)).unref();
      },
      answered: counted,
      over: (how: Over) => {
        clearTimeout(timer);
        if (how.kind === 'answered' && how.input !== undefined && how.output !== undefined)
          this.#estimate = learned(this.#estimate, characters, { input: how.input, output: how.output });
        this.#spender.ended(id, how, performance.now());
        this.#turn();
      },
    };
  }

  #opensAt(waiter: Waiter, now: number): number {
    return this.#spender.opensAt(this.#tokensOf(waiter), now);
  }

  /** By what is known now: a call may have waited for long. */
  #tokensOf({ wish }: Waiter): number {
    return expected(this.#estimate, wish.characters, wish.maxTokens);
  }

  /** When the governor is to be told something. */
  #askAt(now: number): number {
    if (this.#isBusy) return Infinity;
    if (this.#silentUntil !== undefined) return this.#silentUntil;
    if (this.#spender.hasNews) return now;
    const renewAt = this.#spender.renewAt() ?? -Infinity;
    const pace = renewMs(this.#options.limits) / 10;
    if (this.#spender.hasMore) return this.#askedAt + pace;
    if (this.#queue.size > 0) {
      if (this.#spender.hasNone(now)) return this.#askedAt + pace;
      const isNews = this.#told <= 0 || (this.#untold && this.#told < TOLD);
      return Math.max(this.#askedAt + pace, isNews ? -Infinity : renewAt);
    }
    return this.#isDone ? Infinity : renewAt;
  }

  async #ask(): Promise<void> {
    this.#isBusy = true;
    const waiting = this.#queue.sample(TOLD, (waiter) => this.#tokensOf(waiter));
    const share = (waiter: Waiter): Claim => [waiter.wish.run, this.#tokensOf(waiter)];
    const message = this.#spender.message(waiting.map(share), performance.now());
    this.#askedAt = performance.now();
    this.#untold = false;
    try {
      const lease = await this.#options.ask(this.#options.model, message);
      this.#spender.take(lease, performance.now());
      this.#queue.plan(lease.order);
      this.#silentUntil = undefined;
      this.#isDone = isDone(message);
      this.#told = message.waiting.length;
    } catch {
      this.#silentUntil = performance.now() + AGAIN_MS;
    }
    this.#isBusy = false;
    this.#turn();
  }

  #why(now: number): string {
    const { host } = this.#options;
    if (this.#silentUntil !== undefined) return `waits for Temporal to say how much may be asked of ${host}`;
    const barred = this.#spender.barred(now);
    if (!barred) return `waits for its turn with ${host}`;
    const until = new Date(Date.now() + barred.at - now).toISOString().slice(11, 19);
    return barred.why === 'down'
      ? `waits: ${host} fails, and is tried again from ${until} UTC on`
      : `waits: rate limited by ${host} until ${until} UTC`;
  }
}

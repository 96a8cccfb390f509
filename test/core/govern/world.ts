import { asked } from '../../../src/core/govern/governor.js';
import type { Lease, Limits, Message } from '../../../src/core/govern/lease.js';
import { onTheWayMs, renewMs, within } from '../../../src/core/govern/lease.js';
import { Spender } from '../../../src/core/govern/spender.js';
import { fresh, type State } from '../../../src/core/govern/state.js';
import { Queue } from '../../../src/core/govern/turns.js';

export interface Waiter {
  readonly run: string;
  readonly tokens: number;
}
interface Sent {
  readonly at: number;
  readonly tokens: number;
  readonly run: string;
}

/** A number from 0 to 1 for each step, for what is left to chance. */
export type Chance = () => number;

export interface WorldOptions {
  readonly limits: Limits;
  readonly workers: number;
  readonly chance: Chance;
  /** Likelihood that a message, or its answer, is lost. */
  readonly lost?: number;
  /** Likelihood, each ms, that a worker is killed; another comes in its place. */
  readonly killed?: number;
  /** Whether clocks of workers and governor differ. */
  readonly skewed?: boolean;
  /** A message and its answer each take up to so long, ms. */
  readonly latencyMs?: number;
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** Workers, the governor and a provider in virtual time. Counts what arrives at the provider, with the tokens it takes. */
export class World {
  now = 0;
  state: State = fresh('e');
  readonly arrived: Sent[] = [];
  messages = 0;
  readonly #events: Event[] = [];
  readonly #options: WorldOptions;
  #ids = 0;
  readonly workers: Worker[] = [];

  constructor(options: WorldOptions) {
    this.#options = options;
    for (let i = 0; i < options.workers; i++) this.workers.push(this.#worker());
  }

  at(at: number, run: () => void): void {
    const place = this.#events.findIndex((one) => one.at > at);
    this.#events.splice(place < 0 ? this.#events.length : place, 0, { at, run });
  }

  until(end: number): void {
    for (;;) {
      const next = this.#events[0];
      if (!next || next.at > end) break;
      this.#events.shift();
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** Most that any window of the provider held. */
  most(of: (sent: Sent) => number): number {
    const sorted = [...this.arrived].sort((a, b) => a.at - b.at);
    let most = 0;
    let sum = 0;
    let first = 0;
    for (const sent of sorted) {
      sum += of(sent);
      while (sorted[first]!.at <= sent.at - this.#options.limits.windowMs) sum -= of(sorted[first++]!);
      most = Math.max(most, sum);
    }
    return most;
  }

  #worker(): Worker {
    const { limits, chance, skewed } = this.#options;
    const worker = new Worker(this, limits, `w${this.#ids++}`, skewed ? Math.floor(chance() * 1e6) : 0);
    if (this.#options.killed) this.#fate(worker);
    return worker;
  }
  #fate(worker: Worker): void {
    const { chance, killed } = this.#options;
    this.at(this.now + Math.ceil(-Math.log(1 - chance()) / killed!), () => {
      worker.alive = false;
      const another = this.#worker();
      this.workers[this.workers.indexOf(worker)] = another;
      for (const { run, tokens } of worker.queue.all()) another.want(run, tokens);
    });
  }

  /** A message to the governor, which may be lost, as its answer may; `answer` then is never called. */
  ask(message: Message, answer: (lease: Lease) => void): void {
    const { chance, lost = 0, latencyMs = 5 } = this.#options;
    this.messages++;
    if (chance() < lost) return;
    // Through JSON, as on the wire.
    const sent = JSON.parse(JSON.stringify(message)) as Message;
    this.at(this.now + Math.ceil(chance() * latencyMs), () => {
      const { state, lease } = asked(this.state, sent, this.now + 1e9);
      this.state = JSON.parse(JSON.stringify(state)) as State;
      if (chance() < lost) return;
      this.at(this.now + Math.ceil(chance() * latencyMs), () => answer(lease));
    });
  }

  /** A request is on its way; @returns how long it takes in all */
  send(run: string, tokens: number, sure: () => void): number {
    const { chance, limits } = this.#options;
    const way = Math.floor(chance() * onTheWayMs(limits) * 0.9);
    this.at(this.now + way, () => this.arrived.push({ at: this.now, tokens, run }));
    this.at(this.now + way + Math.ceil(chance() * 10), sure);
    return way + 11 + Math.ceil(chance() * limits.windowMs * 0.2);
  }
}

/** What the turnstile does with timers, in virtual time. */
class Worker {
  alive = true;
  readonly queue = new Queue<Waiter>();
  readonly #spender: Spender;
  readonly #world: World;
  readonly #limits: Limits;
  readonly #offset: number;
  #id = 0;
  #sentAt = -Infinity;

  constructor(world: World, limits: Limits, name: string, offset: number) {
    this.#world = world;
    this.#limits = limits;
    this.#offset = offset;
    this.#spender = new Spender(name, limits);
    this.#tick();
  }
  get #here(): number {
    return this.#world.now + this.#offset;
  }
  want(run: string, tokens: number): void {
    this.queue.add(run, { run, tokens });
  }
  #tick(): void {
    if (!this.alive) return;
    this.#pump();
    this.#tell();
    this.#world.at(this.#world.now + 7, () => this.#tick());
  }
  #pump(): void {
    for (;;) {
      const first = this.queue.first();
      if (!first || this.#spender.opensAt(first.tokens, this.#here) > this.#here) return;
      const id = this.#id++;
      this.queue.served(first.run, first, first.tokens);
      this.#spender.spend(id, first.run, first.tokens, this.#here);
      const tokens = within(this.#limits, first.tokens);
      const counted = () => this.alive && this.#spender.counted(id, this.#here);
      const ms = this.#world.send(first.run, tokens, counted);
      this.#world.at(this.#world.now + ms, () => {
        if (this.alive) this.#spender.ended(id, { kind: 'answered', input: tokens, output: 0 }, this.#here);
      });
    }
  }
  #tell(): void {
    const due = (this.#spender.renewAt() ?? -Infinity) <= this.#here;
    const lostFor = this.#here - this.#sentAt > renewMs(this.#limits);
    const wanting = this.queue.size > 0 || this.#spender.underWay > 0;
    if (this.#spender.isAsking ? !lostFor : !due || !wanting) return;
    this.#sentAt = this.#here;
    const waiting = this.queue
      .sample(64, ({ tokens }) => tokens)
      .map(({ run, tokens }) => [run, tokens] as const);
    const message = this.#spender.message(waiting, this.#here);
    this.#world.ask(message, (lease) => {
      // An answer to what was told anew meanwhile is not waited for any more.
      if (!this.alive || message.seq !== this.#last) return;
      this.#spender.take(lease, this.#here);
      this.queue.plan(lease.order);
    });
    this.#last = message.seq;
  }
  #last = 0;
}

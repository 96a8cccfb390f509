import { buildWaves } from '../../../../src/core/graph/waves.js';
import type { Command, Event } from '../../../../src/core/schedule/state.js';
import { type Conclusion, conclude, conditionsOf, type Ended, together } from './conclude.js';
import { type Node, nameOf } from './oracle.js';
import type { Scenario } from './scenario.js';

/** Ends that may be taken back by hand. */
const RETRIED = ['failed', 'missing', 'partial', 'cancelled', 'over-budget'];
/** Of the dispatcher's promise; counted here as starts while something waits ahead. */
const PATIENCE = 100;
/** Gates that may ask, or take up an answer, at once. */
const MOST_ASKING = 10;

/**
 * Follows a dispatcher by its events and commands alone, and says what is wrong with them. It works out everything anew
 * after each event, by rules of its own, and keeps no more than what it was told.
 */
export class Onlooker {
  readonly wrong: string[] = [];
  private readonly ended = new Map<string, string>();
  private readonly open = new Map<number, number>();
  private readonly running = new Map<
    string,
    { readonly node: Node; readonly dispatch: number; recalled: boolean }
  >();
  private readonly dispatched = new Map<string, number>();
  private readonly asked = new Map<string, number>();
  private readonly byHand = new Set<string>();
  /** What was asked of people and has not ended, with what they said to it. */
  private readonly asking = new Map<string, { readonly digest: string; said?: string }>();
  /** Conditions that time decided, by unit and place. */
  private readonly timed = new Map<string, Conclusion>();
  /** Starts since each began to wait. */
  private readonly patience = new Map<string, number>();
  private readonly waves: readonly (readonly number[])[];
  /** So long has the run gone on, where that is what happens just now: what waits again later waits without a time. */
  private due = 0;
  private paused = false;
  private limit: number;
  private stopping: string | undefined;
  closed = false;

  constructor(private readonly scenario: Scenario) {
    this.limit = scenario.graph.concurrency;
    this.waves = buildWaves(scenario.graph);
  }

  get atRest(): boolean {
    return this.running.size === 0;
  }
  get isPaused(): boolean {
    return this.paused;
  }
  get inFlight(): readonly Node[] {
    return [...this.running.values()].map(({ node }) => node);
  }
  isRecalled(node: Node): boolean {
    return this.stopping === 'stopped' || (this.running.get(nameOf(node))?.recalled ?? false);
  }
  end(name: string): string | undefined {
    return this.ended.get(name);
  }
  /** Digests by name of what waits for an answer. */
  get unanswered(): readonly (readonly [string, string])[] {
    return [...this.asking].flatMap(([name, { digest, said }]) =>
      said === undefined ? [[name, digest] as const] : [],
    );
  }
  /** All that is known of by now and has come to no end. */
  get unended(): readonly string[] {
    return this.everything()
      .map(nameOf)
      .filter((name) => !this.ended.has(name));
  }

  /** Events that were told together, and what the dispatcher answered. */
  see(events: readonly Event[], commands: readonly Command[]): void {
    const before = this.stopping;
    if (this.closed) {
      if (commands.length > 0) this.wrong.push(`commands after the end: ${JSON.stringify(commands)}`);
      return;
    }
    const recallable = new Set<string>();
    for (const event of events) {
      this.take(event);
      this.spread();
      this.due = 0;
      for (const [name, { recalled }] of this.running)
        if (!recalled && this.isUnwanted(name)) recallable.add(name);
    }
    for (const command of commands) this.judge(command, recallable);
    for (const name of recallable)
      if (this.stopping !== 'stopped' && this.running.has(name) && !this.running.get(name)!.recalled)
        this.wrong.push(`${name} runs on, though nobody wants it`);
    if (before === 'stopped' || this.stopping !== 'stopped') {
      if (commands.some((c) => c.kind === 'recall' && !c.node))
        this.wrong.push('all recalled without a stop');
    } else if (this.running.size > 0 && !commands.some((c) => c.kind === 'recall' && !c.node))
      this.wrong.push('stopped, and what runs was not recalled');
    this.look(commands);
  }

  private take(event: Event): void {
    switch (event.kind) {
      case 'ended': {
        const name = nameOf(event);
        if (!this.running.delete(name)) return;
        if (event.status !== 'not-reached') this.comesTo(name, event.status);
        else if (this.isSkipped(event)) this.comesTo(name, 'skipped');
        else if (this.isUnwanted(name)) this.comesTo(name, 'cancelled');
        if (event.status === 'failed' && this.scenario.graph.onFailure === 'stop') this.stop();
        return;
      }
      case 'expanded': {
        if (!this.running.has(`${event.u}`) || this.scenario.graph.units[event.u]?.kind !== 'fan') return;
        this.running.delete(`${event.u}`);
        this.open.set(event.u, event.count);
        return;
      }
      case 'asked': {
        const name = nameOf(event);
        if (!this.running.delete(name)) return;
        if (this.isSkipped(event)) this.comesTo(name, 'skipped');
        else if (this.isUnwanted(name)) this.comesTo(name, 'cancelled');
        else this.asking.set(name, { digest: event.question.digest });
        return;
      }
      case 'answer': {
        const question = this.asking.get(nameOf(event));
        if (question?.digest === event.answer.digest) question.said ??= JSON.stringify(event.answer);
        return;
      }
      case 'due':
        this.due = event.ms;
        return;
      case 'pause':
        this.paused = true;
        return;
      case 'resume':
        this.paused = false;
        return;
      case 'concurrency':
        this.limit = event.limit;
        return;
      case 'skip':
        for (const node of this.targets(event)) {
          const name = nameOf(node);
          if (this.ended.has(name) || (node.k === undefined && this.open.has(node.u))) continue;
          this.byHand.add(name);
          if (!this.running.has(name)) this.comesTo(name, 'skipped');
        }
        return;
      case 'retry':
        this.retry(event);
        return;
      case 'cancel':
      case 'deadline':
        this.stop();
        return;
      case 'drain':
        this.stopping ??= 'draining';
        return;
      case 'begin':
        return;
    }
  }

  private comesTo(name: string, how: string): void {
    this.ended.set(name, how);
    this.asking.delete(name);
  }

  private stop(): void {
    this.stopping = 'stopped';
  }

  private targets({ u, k }: Node): Node[] {
    if (k !== undefined) return k < (this.open.get(u) ?? 0) ? [{ u, k }] : [];
    if (!this.open.has(u)) return u < this.scenario.graph.units.length ? [{ u }] : [];
    return [...Array(this.open.get(u)).keys()].map((at) => ({ u, k: at }));
  }

  private retry(node: Node): void {
    const name = nameOf(node);
    const end = this.ended.get(name);
    if (end === undefined || this.stopping === 'stopped' || this.isOvertaken(node.u)) return;
    if (!RETRIED.includes(end) && !(end === 'skipped' && this.byHand.has(name))) return;
    this.ended.delete(name);
    this.byHand.delete(name);
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    for (let changed = true; changed; ) {
      changed = false;
      for (const one of this.everything()) {
        const end = this.ended.get(nameOf(one));
        if ((end !== 'skipped' && end !== 'not-needed') || this.byHand.has(nameOf(one))) continue;
        if (this.joined(one) !== undefined) continue;
        this.ended.delete(nameOf(one));
        changed = true;
      }
    }
  }

  /** Ends that nobody reports. What follows from the same ends comes at once: none of it goes by another. */
  private spread(): void {
    for (let changed = true; changed; ) {
      changed = false;
      this.decideByTime();
      const ends = this.waiting().map((node) => {
        const joined = this.joined(node);
        const asked = joined === 'go' ? undefined : joined;
        return [
          node,
          this.isSkipped(node) ? 'skipped' : this.isOvertaken(node.u) ? 'cancelled' : asked,
        ] as const;
      });
      for (const [node, end] of ends) {
        if (end === undefined) continue;
        this.comesTo(nameOf(node), end);
        changed = true;
      }
    }
  }

  private isSkipped({ u, k }: Node): boolean {
    return this.byHand.has(`${u}`) || (k !== undefined && this.byHand.has(`${u}.${k}`));
  }
  private isUnwanted(name: string): boolean {
    const [u] = name.split('.').map(Number);
    return this.byHand.has(name) || this.byHand.has(`${u}`) || this.isOvertaken(u!);
  }

  private isOvertaken(u: number): boolean {
    return this.scenario.needs.some(({ clauses = [] }, by) =>
      clauses.some(({ of, rest }, n) => rest && of.includes(u) && this.conclusions(by)[n + 3] === 'go'),
    );
  }

  private decideByTime(): void {
    for (const [u, { clauses = [] }] of this.scenario.needs.entries())
      for (const [n, { byMs, of, when }] of clauses.entries()) {
        const name = `${u}:${n + 3}`;
        if (byMs === undefined || byMs > this.due || this.timed.has(name)) continue;
        // What it had come to by then stands, whatever is done once more later.
        const before = this.conclusions(u)[n + 3];
        const ends = of.flatMap((need) => this.counted(need, 'instances')).map((end) => end ?? 'missing');
        this.timed.set(name, before ?? conclude(when, ends));
      }
  }

  private counted(n: number, by: 'instances' | 'whole' | 'opening'): Ended[] {
    if (!this.open.has(n)) return [this.ended.get(`${n}`)];
    const instances = [...Array(this.open.get(n)).keys()].map((k) => this.ended.get(`${n}.${k}`));
    if (by === 'instances') return instances;
    return by === 'opening' || !instances.includes(undefined) ? ['done'] : [undefined];
  }

  private conclusions(u: number): Conclusion[] {
    return conditionsOf(this.scenario.needs[u]!).map(({ of, when, by }, n) => {
      const timed = this.timed.get(`${u}:${n}`);
      if (timed !== undefined) return timed;
      const { units } = this.scenario.graph;
      const unknown = of.some(
        (x) => units[x]!.kind === 'fan' && !this.open.has(x) && !this.ended.has(`${x}`),
      );
      return conclude(
        when,
        of.flatMap((x) => this.counted(x, by)),
        unknown,
      );
    });
  }

  private joined({ u, k }: Node): Conclusion {
    // What has asked has begun.
    if (this.asking.has(nameOf({ u, k }))) return 'go';
    if (k === undefined) return together(this.conclusions(u));
    const { each = [], eachRule = 'all_success' } = this.scenario.needs[u]!;
    return conclude(
      eachRule,
      each.map((s) => (this.open.has(s) && k >= this.open.get(s)! ? 'skipped' : this.ended.get(`${s}.${k}`))),
    );
  }

  private everything(): Node[] {
    return this.scenario.graph.units.flatMap((_, u): Node[] =>
      this.open.has(u) ? [...Array(this.open.get(u)).keys()].map((k) => ({ u, k })) : [{ u }],
    );
  }
  private waiting(): Node[] {
    return this.everything().filter((one) => !this.ended.has(nameOf(one)) && !this.running.has(nameOf(one)));
  }

  private usesOf({ u, k }: Node): readonly (readonly [number, number])[] {
    const { kind, uses = [] } = this.scenario.graph.units[u]!;
    return kind === 'fan' && k === undefined ? [] : uses;
  }
  private free(): number[] {
    return this.scenario.graph.capacities.map(({ capacity }, c) =>
      [...this.running.values()].reduce(
        (left, { node }) => left - (this.usesOf(node).find(([at]) => at === c)?.[1] ?? 0),
        capacity,
      ),
    );
  }
  /** It takes none of the slots. */
  private isGate({ u, k }: Node): boolean {
    const { kind, gate } = this.scenario.graph.units[u]!;
    return gate === true && (kind === 'brief' || k !== undefined);
  }
  private fits(node: Node): boolean {
    const free = this.free();
    const running = this.inFlight.filter((one) => this.isGate(one) === this.isGate(node));
    if (this.isGate(node)) return running.length < MOST_ASKING;
    return running.length < this.limit && this.usesOf(node).every(([c, amount]) => amount <= free[c]!);
  }
  private mayStart(node: Node): boolean {
    const gate = this.waves.findIndex((wave) => wave.some((u) => !this.isOver(u)));
    const inTurn =
      this.scenario.graph.waves === 'rolling' || this.waves.findIndex((w) => w.includes(node.u)) <= gate;
    return inTurn && this.joined(node) === 'go' && !this.waitsForAnswer(node);
  }
  private waitsForAnswer(node: Node): boolean {
    const question = this.asking.get(nameOf(node));
    return question !== undefined && question.said === undefined;
  }
  private isOver(u: number): boolean {
    return this.targets({ u }).every((one) => this.ended.has(nameOf(one)));
  }

  private judge(command: Command, recallable: ReadonlySet<string>): void {
    switch (command.kind) {
      case 'start':
      case 'expand': {
        const { dispatch, again = 0, kind, answer, ...at } = command;
        const node: Node = at;
        const name = nameOf(node);
        const isFan = this.scenario.graph.units[node.u]!.kind === 'fan' && node.k === undefined;
        if (this.paused) this.wrong.push(`${name} starts in a pause`);
        if (this.stopping !== undefined) this.wrong.push(`${name} starts in a run that stops`);
        if (this.ended.has(name) || this.running.has(name)) this.wrong.push(`${name} starts again`);
        if (!this.mayStart(node)) this.wrong.push(`${name} starts before its turn`);
        if (!this.fits(node)) this.wrong.push(`${name} starts without room`);
        if (dispatch <= (this.dispatched.get(name) ?? 0))
          this.wrong.push(`${name} has dispatch ${dispatch} again`);
        if (again !== (this.asked.get(name) ?? 0)) this.wrong.push(`${name} starts with again ${again}`);
        if (this.asking.get(name)?.said !== (answer && JSON.stringify(answer)))
          this.wrong.push(`${name} starts with the answer ${JSON.stringify(answer)}`);
        if ((kind === 'expand') !== isFan) this.wrong.push(`${kind} of ${name}`);
        this.dispatched.set(name, dispatch);
        this.running.set(name, { node, dispatch, recalled: false });
        return;
      }
      case 'recall': {
        if (!command.node) return;
        const name = nameOf(command.node);
        const running = this.running.get(name);
        if (!running || running.recalled || !recallable.has(name))
          this.wrong.push(`${name} is recalled for nothing`);
        else running.recalled = true;
        return;
      }
      case 'finish':
      case 'continue': {
        this.closed = command.kind === 'finish';
        const more = this.unanswered.length > 0 || this.waiting().some((one) => this.mayStart(one));
        if (!this.atRest) this.wrong.push(`${command.kind} while something runs`);
        if ((command.kind === 'continue') !== (this.stopping === 'draining' && more))
          this.wrong.push(`${command.kind}, and ${more ? 'something' : 'nothing'} could start`);
        if (command.kind === 'finish' && more && this.stopping !== 'stopped')
          this.wrong.push('finish too early');
        if (command.kind === 'continue') this.stopping = undefined;
        return;
      }
    }
  }

  /** Once the commands are carried out. */
  private look(commands: readonly Command[]): void {
    const starts = commands.filter(({ kind }) => kind === 'start' || kind === 'expand').length;
    const waiting = this.waiting();
    for (const name of [...this.patience.keys()])
      if (!waiting.some((one) => nameOf(one) === name)) this.patience.delete(name);
    for (const one of waiting) this.patience.set(nameOf(one), (this.patience.get(nameOf(one)) ?? 0) + starts);
    if (this.closed || this.paused || this.stopping !== undefined) return;
    if (commands.some(({ kind }) => kind === 'continue')) return;
    if ([...this.patience.values()].some((n) => n >= PATIENCE)) return;
    for (const one of waiting)
      if (this.mayStart(one) && this.fits(one)) this.wrong.push(`${nameOf(one)} could start, and does not`);
    if (this.atRest && this.unanswered.length === 0) this.wrong.push('nothing runs, and it is not finished');
  }
}

import { type Node, nameOf } from '../graph/node.js';
import { mostOf, type UnitGraph } from '../graph/units.js';
import type { Answer, Question } from '../outcome/gate.js';
import type { Status } from '../outcome/outcome.js';
import { Admission } from './admission.js';
import type { Demand } from './borrowing.js';
import { ByHand } from './byHand.js';
import { Inquiry } from './inquiry.js';
import { Lending } from './lending.js';
import { Letters } from './letters.js';
import { Questions } from './questions.js';
import { Ready } from './ready.js';
import type { Verdict } from './rules.js';
import { Running } from './running.js';
import { Shards } from './shards.js';
import {
  type Dispatched,
  endOf,
  isEnd,
  LETTERS,
  type Letter,
  letterOf,
  type Reported,
  type State,
  type Wants,
} from './state.js';
import { type Terrain, terrainOf } from './terrain.js';
import { Waits } from './waits.js';

/**
 * The dispatcher's working view of a {@link State}: the letters, and what follows from them and the graph.
 * 1. Everything here can be rebuilt from graph and state; nothing here outlives them in another form.
 * 2. A node is decided once, when its needs have come to a verdict: it becomes ready, or ends as skipped or not-needed.
 * 3. A letter of an end is never overwritten.
 */
export class Board {
  private readonly terrain: Terrain;
  private readonly letters: Letters;
  private readonly running: Running;
  private readonly ready: Ready;
  private readonly waits: Waits;
  private readonly shards: Shards;
  /** What others carry out, and are to be told. */
  readonly lending: Lending;
  private readonly admission: Admission;
  /** Instances of each open fan that have still to end. */
  private readonly left = new Map<number, number>();
  /** Ends whose consequences are not worked out yet. */
  private readonly ends: { readonly node: Node; readonly letter: Letter }[] = [];
  private recalled: Node[] = [];
  private readonly byHand: ByHand;
  private readonly again: NonNullable<State['again']>;
  private readonly questions: Questions;
  private readonly inquiry: Inquiry;

  constructor(
    readonly graph: UnitGraph,
    state: State,
    /** What waits again, of which nobody has heard. */
    reopened: readonly Node[] = [],
  ) {
    this.terrain = terrainOf(graph);
    this.letters = new Letters(state);
    this.running = new Running(graph, state);
    this.ready = new Ready(state);
    const { terrain, letters, running, ready } = this;
    this.shards = new Shards(graph, state, letters, running.dispatches);
    this.lending = new Lending(graph, state, this.shards, running.room, ready, terrain.place);
    for (const node of reopened) if (this.lending.runs(node)) this.shards.setAside(node);
    this.admission = new Admission(graph, terrain, letters, this.shards, this.lending, ready);
    this.byHand = new ByHand(state);
    this.again = state.again ?? {};
    this.questions = new Questions(state);
    this.inquiry = new Inquiry(state);
    this.waits = new Waits(graph, terrain, letters, state);
    for (const u of graph.units.keys()) this.decideUnit(u);
    for (const [u, instances] of letters.fans) {
      this.left.set(u, instances.filter((letter) => !isEnd(letter)).length);
      for (const k of instances.keys()) this.decideInstance(u, k);
    }
    for (const borrower of this.lending.borrowers) this.admission.review(borrower);
    this.settle();
  }

  get idle(): boolean {
    return this.running.empty && !this.lending.borrowers.some((one) => this.shards.has(one));
  }

  get nothingReady(): boolean {
    return this.ready.empty;
  }

  /** Slots in use, and how many more could be, were there no limit to them. */
  get demand(): Demand {
    const { room } = this.running;
    return { used: room.used, wanted: this.ready.count(room, (node) => this.lending.slotsFor(node)) };
  }

  /** Whether somebody is asked, and has not answered. */
  get asks(): boolean {
    return this.questions.open;
  }

  /** Starts the first that fits; `undefined` where nothing does. Those who have to do with it and come first are lent a slot. */
  startNext(): (Node & Dispatched) | undefined {
    const { room } = this.running;
    let node = this.ready.next(room);
    for (; node && this.lending.lend(node); node = this.ready.next(room)) this.admission.review(node);
    if (node === undefined) return undefined;
    this.letters.write(node, 'r');
    const dispatch = this.running.begin(node);
    const again = this.again[nameOf(node)];
    const answer = this.questions.answerTo(node);
    return { ...node, dispatch, ...(again && { again }), ...(answer && { answer }) };
  }

  /** A running node has ended. Says whether anything changed. */
  end(node: Node, status: Status): boolean {
    if (this.letters.of(node) !== 'r') return false;
    this.leave(node);
    if (status === 'not-reached') {
      this.running.cameBack(node);
      this.letters.write(node, '.');
      // What it waited for may be done once more by now.
      if (node.k === undefined) this.decideUnit(node.u);
      else this.decideInstance(node.u, node.k);
    } else this.ends.push({ node, letter: letterOf(status) });
    this.settle();
    return true;
  }

  /** A running gate asks a person: it gives back what it held. */
  ask(node: Node, question: Question): void {
    if (this.letters.of(node) !== 'r') return;
    this.leave(node);
    this.running.cameBack(node);
    this.letters.write(node, 'w');
    this.questions.ask(node, question);
    const unwanted = this.unwanted(node);
    if (unwanted) this.ends.push({ node, letter: unwanted });
    this.settle();
  }

  /** What asked is to take up its answer, as soon as there is room. */
  answer(node: Node, answer: Answer): void {
    if (this.letters.of(node) !== 'w' || !this.questions.take(node, answer)) return;
    this.goOn(node);
    this.settle();
  }

  /**
   * Fan `u` was expanded: its instances are decided one by one; none at all and it is done. Where the run has no room for
   * all of them it is refused whole, or with `first` those that are too many, by name.
   */
  open(u: number, count: number, first?: number): void {
    if (this.letters.units[u] !== 'r' || this.graph.units[u]!.kind !== 'fan') return;
    const taken = this.letters.admitted(count, first, mostOf(this.graph));
    if (taken === undefined) {
      this.end({ u }, 'refused');
      return;
    }
    this.leave({ u });
    this.letters.open(u, count, taken);
    this.shards.fanOpened(u);
    for (let k = taken; k < count; k++) this.ends.push({ node: { u, k }, letter: 'x' });
    this.left.set(u, count);
    this.waits.fanOpened(u, count);
    for (let k = 0; k < taken; k++) this.decideInstance(u, k);
    if (count === 0) this.ends.push({ node: { u }, letter: 'd' });
    this.settle();
  }

  /** How the instances of shard `k` of fan `u` stand, by what it reports. Says whether one of them has failed. */
  reported({ u, k }: Required<Node>, report: Reported): boolean {
    const shard = { u, k };
    if (!this.lending.settle(shard, report)) return false;
    if (report.lost) this.shards.takeOver(shard);
    const heard = this.shards.hear(shard, report);
    for (const { node, letter } of heard)
      if (isEnd(letter)) this.ends.push({ node, letter });
      else this.letters.write(node, report.over ? '.' : letter);
    this.settle();
    if (report.over) {
      for (const node of this.shards.instances(shard)) this.decideInstance(node.u, node.k);
      this.settle();
    } else this.admission.review(shard);
    const ms = this.inquiry.take(shard, report);
    if (ms !== undefined) this.judgeBy(ms);
    return heard.some(({ letter }) => LETTERS[letter] === 'failed');
  }

  /** A run within this one has told what it has a use for. */
  wants(node: Node, wants: Wants): void {
    if (this.letters.of(node) === 'r' && this.graph.units[node.u]!.within) {
      this.lending.hear(node, wants);
      this.admission.review(node);
    }
  }

  /** So long has the run gone on, ms. */
  due(ms: number): void {
    this.inquiry.open(ms, this.lending.inquire(this.waits.undecidedBy(ms), ms));
    this.judgeBy(ms);
  }

  /** Not before those have answered who know how it stands. */
  private judgeBy(ms: number): void {
    this.waits.due(ms, (u) => this.inquiry.concerns(u));
    this.settle();
  }

  setLimit(state: State): void {
    this.running.setLimit(state);
  }

  /** Nobody wants it any more: what of it waits ends at once, what runs by its own event. */
  skip(node: Node): void {
    const whole = node.k === undefined && this.shards.isCut(node.u);
    const dropped = this.drop(node, 'k');
    for (const one of whole && dropped.length > 0 ? [node] : dropped) this.byHand.skip(one);
    this.settle();
  }

  runs(node: Node): boolean {
    return this.lending.runs(node) || this.letters.of(node) === 'r';
  }

  /** What is to be stopped, since this was last asked; some of it may have ended meanwhile. */
  takeRecalled(): readonly Node[] {
    const nodes = this.recalled;
    this.recalled = [];
    return nodes;
  }

  /** The letters as plain JSON; what did not change is shared with `previous`. */
  snapshot(previous: State): State {
    const { bypassed, shards, loans, asked, inquired, byHand, wanted, ...rest } = previous;
    return {
      ...rest,
      ...this.letters.snapshot(previous),
      ...this.running.snapshot(),
      ...this.lending.snapshot(),
      ...this.ready.snapshot(),
      ...this.byHand.snapshot(),
      ...this.questions.snapshot(),
      ...this.inquiry.snapshot(),
      ...this.waits.snapshot(),
    };
  }

  /** Works out the consequences of ends, and of the ends that follow from them. */
  private settle(): void {
    do {
      for (let end = this.ends.pop(); end !== undefined; end = this.ends.pop()) this.takeEnd(end);
      for (const s of this.waits.decided())
        for (const u of this.terrain.unitsOf[s]!) this.decide({ u }, this.waits.verdict(s));
      for (const u of this.waits.overtaken()) this.drop({ u }, 'c');
    } while (this.ends.length > 0);
    this.admission.settle();
  }

  private takeEnd({ node, letter }: { readonly node: Node; readonly letter: Letter }): void {
    // Two may have seen to it at once.
    if (isEnd(this.letters.of(node)!)) return;
    this.letters.write(node, letter);
    this.questions.drop(node);
    this.admission.touch(node);
    if (node.k === undefined) this.unitEnded(node.u, letter);
    else this.instanceEnded(node.u, node.k, letter);
  }

  /**
   * What of it has not ended, all instances of an open fan, ends: at once where it waits, by its own event where it runs.
   * @returns what that is
   */
  private drop(node: Node, letter: 'c' | 'k'): readonly Node[] {
    // What was recalled once is on its way.
    const dropped = this.letters
      .within(node)
      .filter((node) => ['.', 'r', 'w'].includes(this.letters.of(node) ?? '') && !this.byHand.has(node));
    const shards = new Map<string, Required<Node>>();
    for (const one of dropped) {
      if (this.lending.holds(one)) {
        if (node.k === undefined) shards.set(nameOf(this.shards.shardOf(one)), this.shards.shardOf(one));
        else this.lending.skip(one);
      } else if (this.letters.of(one) === 'r') {
        if (letter === 'c' || !this.waits.isOvertaken(one.u)) this.recalled.push(one);
      } else {
        if (!this.shards.has(one)) this.ready.remove(one);
        this.ends.push({ node: one, letter });
      }
    }
    for (const shard of shards.values()) {
      this.ready.remove(shard);
      this.shards.recall(shard);
      this.recalled.push(shard);
    }
    return dropped;
  }

  private unitEnded(u: number, letter: Letter): void {
    this.admission.unitEnded(u);
    this.waits.unitEnded(u, endOf(letter)!);
  }

  private instanceEnded(u: number, k: number, letter: Letter): void {
    this.waits.instanceEnded(u, endOf(letter)!);
    for (const paired of this.terrain.pairedWith[u]!) this.decideInstance(paired, k);
    const left = this.left.get(u)! - 1;
    this.left.set(u, left);
    if (left === 0) this.ends.push({ node: { u }, letter: 'd' });
  }

  private decideUnit(u: number): void {
    const { needs } = this.graph.units[u]!;
    this.decide({ u }, needs === undefined ? 'starts' : this.waits.verdict(needs));
  }

  /** Pairwise: instance k waits for instance k of each fan that its own is paired with. */
  private decideInstance(u: number, k: number): void {
    this.decide({ u, k }, this.letters.pairVerdict(this.graph, u, k));
  }

  private decide(node: Node, verdict: Verdict): void {
    if (this.letters.of(node) !== '.') return;
    if (this.lending.holds(node)) return;
    const unwanted = this.unwanted(node);
    if (unwanted) this.ends.push({ node, letter: unwanted });
    else if (verdict === 'starts' || this.questions.answerTo(node)) this.admission.admit(node);
    else if (verdict !== 'waits') this.ends.push({ node, letter: letterOf(verdict) });
    this.admission.touch(node);
  }

  /** What has begun waits for room alone, whatever became of its needs since. */
  private goOn(node: Node): void {
    this.letters.write(node, '.');
    this.decide(node, 'starts');
  }

  /** How it ends, where somebody has skipped it or nothing waits for it any more. */
  private unwanted(node: Node): Letter | undefined {
    if (this.byHand.has(node)) return 'k';
    return this.waits.isOvertaken(node.u) ? 'c' : undefined;
  }

  private leave(node: Node): void {
    this.running.end(node);
    this.lending.close(node);
    this.ready.remove(node);
  }
}

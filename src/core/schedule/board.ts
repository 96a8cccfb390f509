import type { UnitGraph } from '../graph/units.js';
import type { Status } from '../outcome/outcome.js';
import { Room, type Uses } from './capacity.js';
import { Letters } from './letters.js';
import { type Node, nameOf, Ready } from './ready.js';
import type { Verdict } from './rules.js';
import { type Dispatched, endOf, LETTERS, type Letter, type State } from './state.js';
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
  private readonly dispatches: Map<string, number>;
  private readonly running: Set<string>;
  private readonly room: Room;
  private readonly ready: Ready;
  private readonly waits: Waits;
  private readonly said: Map<string, Verdict>;
  /** Instances of each open fan that have still to end. */
  private readonly left = new Map<number, number>();
  /** Units of each wave that have still to end. */
  private readonly waveLeft: number[];
  /** Barrier: the wave that may start, and what is ready in later ones. */
  private gate = 0;
  private readonly held = new Map<number, Node[]>();
  /** Ends whose consequences are not worked out yet. */
  private readonly ends: { readonly node: Node; readonly letter: Letter }[] = [];
  private recalled: Node[] = [];
  private readonly byHand: Set<string>;
  private readonly again: NonNullable<State['again']>;

  constructor(
    readonly graph: UnitGraph,
    state: State,
  ) {
    this.terrain = terrainOf(graph);
    this.letters = new Letters(state);
    this.dispatches = new Map(Object.entries(state.dispatches));
    this.running = new Set(state.running);
    this.room = new Room(graph, state.concurrency ?? graph.concurrency);
    for (const name of this.running) this.room.take(this.usesOf(nodeOf(name)));
    this.waveLeft = [...this.terrain.waveSizes];
    for (const [u, letter] of this.letters.units.entries())
      if (isEnd(letter)) this.waveLeft[this.terrain.waveOf[u]!]!--;
    this.passGate();
    this.ready = new Ready(new Map(Object.entries(state.bypassed ?? {})));
    this.byHand = new Set(state.byHand);
    this.again = state.again ?? {};
    this.said = new Map(Object.entries(state.said ?? {}));
    this.waits = new Waits(graph, this.terrain, this.letters, this.said);
    for (const u of graph.units.keys()) this.decideUnit(u);
    for (const [u, letters] of this.letters.fans) {
      this.left.set(u, letters.filter((letter) => !isEnd(letter)).length);
      for (const k of letters.keys()) this.decideInstance(u, k);
    }
    this.settle();
  }

  get idle(): boolean {
    return this.running.size === 0;
  }

  /** Briefs and instances known by now. */
  get size(): number {
    return this.letters.size;
  }

  get nothingReady(): boolean {
    return this.ready.empty;
  }

  /** Starts the first that fits; `undefined` where nothing does. */
  startNext(): (Node & Dispatched) | undefined {
    const node = this.ready.next(this.room);
    if (node === undefined) return undefined;
    this.room.take(this.usesOf(node));
    const name = nameOf(node);
    this.running.add(name);
    this.letters.write(node, 'r');
    const again = this.again[name];
    return { ...node, dispatch: (this.dispatches.get(name) ?? 0) + 1, ...(again && { again }) };
  }

  /** A running node has ended. Says whether anything changed. */
  end(node: Node, status: Status): boolean {
    if (this.letters.of(node) !== 'r') return false;
    this.leave(node);
    const name = nameOf(node);
    if (status === 'not-reached') {
      this.dispatches.set(name, (this.dispatches.get(name) ?? 0) + 1);
      this.letters.write(node, '.');
      // What it waited for may be done once more by now.
      if (node.k === undefined) this.decideUnit(node.u);
      else this.decideInstance(node.u, node.k);
    } else this.ends.push({ node, letter: letterOf(status) });
    this.settle();
    return true;
  }

  /** Fan `u` was expanded: its instances are decided one by one; none at all and it is done. */
  open(u: number, count: number): void {
    if (this.letters.units[u] !== 'r' || this.graph.units[u]!.kind !== 'fan') return;
    this.leave({ u });
    this.letters.open(u, count);
    this.left.set(u, count);
    this.waits.fanOpened(u, count);
    for (let k = 0; k < count; k++) this.decideInstance(u, k);
    if (count === 0) this.ends.push({ node: { u }, letter: 'd' });
    this.settle();
  }

  /** So long has the run gone on, ms. */
  due(ms: number): void {
    this.waits.due(ms);
    this.settle();
  }

  setConcurrency(limit: number): void {
    this.room.setLimit(limit);
  }

  /** Nobody wants it any more: what of it waits ends at once, what runs by its own event. */
  skip(node: Node): void {
    for (const one of this.drop(node, 'k')) this.byHand.add(nameOf(one));
    this.settle();
  }

  runs(node: Node): boolean {
    return this.letters.of(node) === 'r';
  }

  /** What is to be stopped, since this was last asked; some of it may have ended meanwhile. */
  takeRecalled(): readonly Node[] {
    const nodes = this.recalled;
    this.recalled = [];
    return nodes;
  }

  /** The letters as plain JSON; what did not change is shared with `previous`. */
  snapshot(previous: State): State {
    const { bypassed: _, ...rest } = previous;
    return {
      ...rest,
      ...this.letters.snapshot(previous),
      running: [...this.running],
      dispatches: Object.fromEntries(this.dispatches),
      ...(this.ready.bypassed.size > 0 && { bypassed: Object.fromEntries(this.ready.bypassed) }),
      ...(this.byHand.size > 0 && { byHand: [...this.byHand] }),
      ...(this.said.size > 0 && { said: Object.fromEntries(this.said) }),
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
    this.passGate();
  }

  private takeEnd({ node, letter }: { readonly node: Node; readonly letter: Letter }): void {
    // Two may have seen to it at once.
    if (isEnd(this.letters.of(node)!)) return;
    this.letters.write(node, letter);
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
      .filter((node) => ['.', 'r'].includes(this.letters.of(node) ?? '') && !this.byHand.has(nameOf(node)));
    for (const node of dropped) {
      // Who had been overtaken is on its way already.
      const recalled = letter === 'k' && this.waits.isOvertaken(node.u);
      if (this.letters.of(node) === 'r') {
        if (!recalled) this.recalled.push(node);
      } else {
        this.ready.remove(node, this.usesOf(node));
        this.ends.push({ node, letter });
      }
    }
    return dropped;
  }

  private unitEnded(u: number, letter: Letter): void {
    this.waveLeft[this.terrain.waveOf[u]!]!--;
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
    const unwanted = this.unwanted(node);
    if (unwanted) this.ends.push({ node, letter: unwanted });
    else if (verdict === 'starts') this.queue(node);
    else if (verdict !== 'waits') this.ends.push({ node, letter: letterOf(verdict) });
  }

  /** How it ends, where somebody has skipped it or nothing waits for it any more. */
  private unwanted(node: Node): Letter | undefined {
    if (this.byHand.has(nameOf(node)) || this.byHand.has(`${node.u}`)) return 'k';
    return this.waits.isOvertaken(node.u) ? 'c' : undefined;
  }

  private queue(node: Node): void {
    if (this.letters.of(node) !== '.') return;
    const wave = this.terrain.waveOf[node.u]!;
    if (this.graph.waves === 'rolling' || wave <= this.gate) {
      this.ready.add(node, this.terrain.place[node.u]!, this.usesOf(node));
    } else this.held.set(wave, [...(this.held.get(wave) ?? []), node]);
  }

  private passGate(): void {
    while (this.gate < this.waveLeft.length && this.waveLeft[this.gate] === 0) {
      const opened = this.held.get(++this.gate) ?? [];
      this.held.delete(this.gate);
      for (const node of opened) this.queue(node);
    }
  }

  private leave(node: Node): void {
    this.running.delete(nameOf(node));
    this.room.giveBack(this.usesOf(node));
  }

  /** An expansion holds a slot and nothing else. */
  private usesOf({ u, k }: Node): Uses {
    const { kind, uses = [] } = this.graph.units[u]!;
    return kind === 'fan' && k === undefined ? [] : uses;
  }
}

function nodeOf(name: string): Node {
  const [u, k] = name.split('.').map(Number);
  return k === undefined ? { u: u! } : { u: u!, k };
}

const isEnd = (letter: Letter) => endOf(letter) !== undefined;
const BY_STATUS = new Map(
  Object.entries(LETTERS).map(([letter, word]) => [word as string, letter as Letter]),
);
const letterOf = (status: Status): Letter => BY_STATUS.get(status)!;

import type { NeedSet, UnitGraph } from '../graph/units.js';
import type { Status } from '../outcome/outcome.js';
import { Room, type Uses } from './capacity.js';
import { type End, join } from './joins.js';
import { type Node, Ready } from './ready.js';
import { LETTERS, type Letter, type State } from './state.js';
import { type Terrain, terrainOf } from './terrain.js';

/**
 * The dispatcher's working view of a {@link State}: the letters, and what follows from them and the graph.
 * 1. Everything here can be rebuilt from graph and state; nothing here outlives them in another form.
 * 2. A node is decided once, when the last of its needs has ended: it becomes ready, or ends as skipped or not-needed.
 * 3. A letter of an end is never overwritten.
 * 4. An event costs what it touches: a join is counted down per need set, however many units share the set.
 */
export class Board {
  private readonly terrain: Terrain;
  private readonly units: Letter[];
  private readonly fans: Map<number, Letter[]>;
  private readonly dispatches: Map<string, number>;
  private readonly running: Set<string>;
  private readonly room: Room;
  private readonly ready = new Ready();
  /** Needs of each set that have still to end (or, pairwise, to open). */
  private readonly pending: number[];
  /** Instances of each open fan that have still to end. */
  private readonly left = new Map<number, number>();
  /** Units of each wave that have still to end. */
  private readonly waveLeft: number[];
  /** Barrier: the wave that may start, and what is ready in later ones. */
  private gate = 0;
  private readonly held = new Map<number, Node[]>();
  /** Ends whose consequences are not worked out yet. */
  private readonly ends: { readonly node: Node; readonly letter: Letter }[] = [];
  /** Fans whose letters changed since the last snapshot. */
  private readonly touched = new Set<number>();

  constructor(
    readonly graph: UnitGraph,
    state: State,
  ) {
    this.terrain = terrainOf(graph);
    this.units = [...state.units] as Letter[];
    this.fans = new Map(
      Object.entries(state.fans).map(([u, letters]) => [Number(u), [...letters] as Letter[]]),
    );
    this.dispatches = new Map(Object.entries(state.dispatches));
    this.running = new Set(state.running);
    this.room = new Room(graph);
    for (const name of this.running) this.room.take(this.usesOf(nodeOf(name)));
    this.waveLeft = [...this.terrain.waveSizes];
    for (const [u, letter] of this.units.entries())
      if (isEnd(letter)) this.waveLeft[this.terrain.waveOf[u]!]!--;
    this.passGate();
    this.pending = graph.sets.map((set) => this.endsOf(set).filter((end) => end === undefined).length);
    for (const [u, letter] of this.units.entries()) {
      const { needs } = graph.units[u]!;
      if (letter === '.' && (needs === undefined || this.pending[needs] === 0)) this.queue({ u });
    }
    for (const [u, letters] of this.fans) {
      this.left.set(u, letters.filter((letter) => !isEnd(letter)).length);
      for (const k of letters.keys()) this.decideInstance(u, k);
    }
  }

  get idle(): boolean {
    return this.running.size === 0;
  }

  /** Briefs and instances known by now. */
  get size(): number {
    let size = this.units.length - this.fans.size;
    for (const letters of this.fans.values()) size += letters.length;
    return size;
  }

  get nothingReady(): boolean {
    return this.ready.empty;
  }

  /** Starts the first that fits; `undefined` where nothing does. */
  startNext(): (Node & { readonly dispatch: number }) | undefined {
    const node = this.ready.next(this.room);
    if (node === undefined) return undefined;
    this.room.take(this.usesOf(node));
    this.running.add(nameOf(node));
    this.write(node, 'r');
    return { ...node, dispatch: (this.dispatches.get(nameOf(node)) ?? 0) + 1 };
  }

  /** A running node has ended. Says whether anything changed. */
  end(node: Node, status: Status): boolean {
    if (this.letter(node) !== 'r') return false;
    this.leave(node);
    const name = nameOf(node);
    if (status === 'not-reached') {
      this.dispatches.set(name, (this.dispatches.get(name) ?? 0) + 1);
      this.write(node, '.');
      this.queue(node);
    } else {
      this.dispatches.delete(name);
      this.ends.push({ node, letter: letterOf(status) });
      this.settle();
    }
    return true;
  }

  /** Fan `u` was expanded: its instances are decided one by one; none at all and it is done. */
  open(u: number, count: number): void {
    if (this.units[u] !== 'r' || this.graph.units[u]!.kind !== 'fan') return;
    this.leave({ u });
    this.dispatches.delete(nameOf({ u }));
    this.units[u] = '*';
    this.fans.set(u, new Array<Letter>(count).fill('.'));
    this.touched.add(u);
    this.left.set(u, count);
    this.countDown(this.terrain.openSets[u]!);
    for (let k = 0; k < count; k++) this.decideInstance(u, k);
    if (count === 0) this.ends.push({ node: { u }, letter: 'd' });
    this.settle();
  }

  /** The letters as plain JSON; what did not change is shared with `previous`. */
  snapshot(previous: State): State {
    const fans = { ...previous.fans };
    for (const u of this.touched) fans[u] = this.fans.get(u)!.join('');
    this.touched.clear();
    return {
      ...previous,
      units: this.units.join(''),
      fans,
      running: [...this.running],
      dispatches: Object.fromEntries(this.dispatches),
    };
  }

  /** Works out the consequences of ends, and of the ends that follow from them. */
  private settle(): void {
    for (let end = this.ends.pop(); end !== undefined; end = this.ends.pop()) {
      const { node, letter } = end;
      this.write(node, letter);
      if (node.k === undefined) this.unitEnded(node.u, letter);
      else this.instanceEnded(node.u, node.k);
    }
    this.passGate();
  }

  private unitEnded(u: number, letter: Letter): void {
    this.waveLeft[this.terrain.waveOf[u]!]!--;
    this.countDown(this.terrain.endSets[u]!);
    if (letter !== 'd') this.countDown(this.terrain.openSets[u]!);
  }

  private instanceEnded(u: number, k: number): void {
    for (const paired of this.terrain.pairedWith[u]!) this.decideInstance(paired, k);
    const left = this.left.get(u)! - 1;
    this.left.set(u, left);
    if (left === 0) this.ends.push({ node: { u }, letter: 'd' });
  }

  private countDown(sets: readonly number[]): void {
    for (const s of sets) {
      if (--this.pending[s]! > 0) continue;
      const ends = this.endsOf(this.graph.sets[s]!) as End[];
      for (const u of this.terrain.unitsOf[s]!) this.decide({ u }, ends);
    }
  }

  /** Pairwise: instance k waits for instance k of each fan that its own is paired with. */
  private decideInstance(u: number, k: number): void {
    if (this.letter({ u, k }) !== '.') return;
    const { needs } = this.graph.units[u]!;
    const sources = needs === undefined ? [] : (this.graph.sets[needs]!.each ?? []);
    // A source without an instance k has nothing to give it.
    const ends = sources.map((source) => endOf(this.letter({ u: source, k }) ?? 'k'));
    if (ends.every((end) => end !== undefined)) this.decide({ u, k }, ends);
  }

  private decide(node: Node, ends: readonly End[]): void {
    const joined = join(ends);
    if (joined === 'ready') this.queue(node);
    else this.ends.push({ node, letter: letterOf(joined.status) });
  }

  /** How each need of a set has ended, as far as they have. */
  private endsOf({ success = [], done = [], each = [] }: NeedSet): (End | undefined)[] {
    const opened = each.map((u): End | undefined => (this.units[u] === '*' ? 'done' : endOf(this.units[u]!)));
    return [...[...success, ...done].map((u) => endOf(this.units[u]!)), ...opened];
  }

  private queue(node: Node): void {
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

  private letter({ u, k }: Node): Letter | undefined {
    return k === undefined ? this.units[u] : this.fans.get(u)?.[k];
  }

  private write({ u, k }: Node, letter: Letter): void {
    if (k === undefined) this.units[u] = letter;
    else {
      this.fans.get(u)![k] = letter;
      this.touched.add(u);
    }
  }
}

const nameOf = ({ u, k }: Node) => (k === undefined ? `${u}` : `${u}.${k}`);
function nodeOf(name: string): Node {
  const [u, k] = name.split('.').map(Number);
  return k === undefined ? { u: u! } : { u: u!, k };
}

const isEnd = (letter: Letter) => endOf(letter) !== undefined;
function endOf(letter: Letter): End | undefined {
  const word = LETTERS[letter];
  return word === 'waiting' || word === 'running' || word === 'open' ? undefined : word;
}
const BY_STATUS = new Map(
  Object.entries(LETTERS).map(([letter, word]) => [word as string, letter as Letter]),
);
const letterOf = (status: Status): Letter => BY_STATUS.get(status)!;

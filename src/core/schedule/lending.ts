import { type Node, nameOf, nodeNamed } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { type Room, type Uses, usesOf } from './capacity.js';
import { Loans } from './loans.js';
import type { Ready } from './ready.js';
import type { Shards } from './shards.js';
import type { Begun, Command, Loan, Reported, State, Steering, Wants } from './state.js';

/**
 * What a run has to do with those that dispatch in a history of their own: shards of its fans, and runs within it.
 *  1. What is lent is taken from the run's own room: what is lent and what is held never exceed a limit (E5).
 *  2. Whoever is lent a slot goes on with it to the next that it has to do; only what it has no use for comes back, and what
 *     is called back once what it runs there has ended.
 *  3. A shard lives as long as it has a slot. A run within the run holds one as a brief, and is lent others beyond that.
 */
export class Lending {
  private readonly loans = new Loans();
  private messages: Command[] = [];

  constructor(
    private readonly graph: UnitGraph,
    state: State,
    private readonly shards: Shards,
    private readonly room: Room,
    private readonly ready: Ready,
    private readonly place: readonly number[],
  ) {
    for (const [u, loans] of Object.entries(state.shards ?? {}))
      for (const [k, loan] of Object.entries(loans)) this.restore({ u: Number(u), k: Number(k) }, loan);
    for (const [name, loan] of Object.entries(state.loans ?? {})) this.restore(nodeNamed(name), loan);
    for (const { node, lent } of this.loans.all) this.room.take(this.usesWith(node), lent);
  }

  private restore(node: Node, { lent, owed = 0, wants = 0 }: Loan): void {
    this.loans.restore({ node, lent, owed, wants });
  }

  /** Shards and runs that run. */
  get borrowers(): readonly Node[] {
    return this.loans.all.map(({ node }) => node);
  }

  /** Whether the shard runs that an instance is in. */
  runs(node: Node): node is Required<Node> {
    return this.shards.has(node) && this.loans.has(this.shards.shardOf(node));
  }

  /** Whether a shard that runs has it in hand. */
  holds(node: Node): node is Required<Node> {
    return this.runs(node) && !this.shards.isAside(node);
  }

  /** Lends a slot where it is something for others to carry out. Says whether that is so. */
  lend(node: Node): boolean {
    const isShard = this.shards.has(node);
    if (!isShard && !this.loans.has(node)) return false;
    const borrower = isShard ? this.shards.shardOf(node) : node;
    this.room.take(this.usesWith(borrower));
    this.loans.lend(borrower);
    return true;
  }

  /** How many slots what waits could take. */
  slotsFor(node: Node): number {
    if (this.shards.has(node)) {
      const shard = this.shards.shardOf(node);
      return Math.max(0, this.shards.leftIn(shard) - this.loans.keptBy(shard));
    }
    return this.loans.has(node) ? Math.max(0, this.loans.wantedBy(node) - this.loans.keptBy(node)) : 1;
  }

  /** What a run within this one has a use for, and gives back. */
  hear(node: Node, { wants, back }: Wants): void {
    this.loans.want(node, wants);
    this.room.giveBack([], this.loans.takeBack(node, back));
  }

  /** What a shard gives back. Says whether it runs. */
  settle(shard: Required<Node>, { back, over }: Reported): boolean {
    if (!this.runs(shard) || this.shards.shardOf(shard).k !== shard.k) return false;
    const slots = over ? this.loans.close(shard) : this.loans.takeBack(shard, back);
    this.room.giveBack(this.usesWith(shard), slots);
    if (over) this.shards.close(shard);
    return true;
  }

  /** It runs no more. */
  close(node: Node): void {
    this.room.giveBack([], this.loans.close(node));
  }

  /** Whoever was lent slots gives back what is over the limit, and what others wait for that come first. */
  makeWay(): void {
    const borrowers = this.loans.all.toSorted(
      ({ node: a }, { node: b }) => this.place[b.u]! - this.place[a.u]! || (b.k ?? 0) - (a.k ?? 0),
    );
    let owed = borrowers.reduce((sum, borrower) => sum + borrower.owed, 0);
    for (const { node } of borrowers) {
      const slots = this.ready
        .ahead(this.place[node.u]!)
        .reduce(
          (sum, one) =>
            sum + this.room.sharesFor(usesOf(this.graph, one), this.usesWith(node)) * this.slotsFor(one),
          Math.max(0, -this.room.slots),
        );
      owed += this.loans.callBack(node, slots - owed);
    }
  }

  /** Shards end as soon as what they run has ended; runs go on with the slot they hold. */
  callBackAll(): void {
    for (const { node, lent } of this.loans.all) this.loans.callBack(node, lent);
  }

  /** Its shard is told that somebody skips it. */
  skip(node: Required<Node>): void {
    this.pass(node, { kind: 'skip' });
  }

  /** What waits again may begin: its shard, which runs, is told so. */
  handOver(node: Required<Node>): void {
    const as = this.shards.handOver(node);
    if (as) this.pass(node, { kind: 'retry', as });
  }

  private pass(node: Required<Node>, said: Pick<Steering, 'kind'> & { readonly as?: Begun }): void {
    const shard = this.shards.shardOf(node);
    this.messages.push({ kind: 'pass', ...shard, said: { ...said, u: 0, k: node.k - shard.k } });
  }

  /** Those shards of the fans that run are to say how they stand. @returns them */
  inquire(fans: ReadonlySet<number>, ms: number): readonly Node[] {
    const shards = this.borrowers.filter((one) => this.shards.has(one) && fans.has(one.u));
    for (const { u, k } of shards) this.messages.push({ kind: 'inquire', u, k: k!, ms });
    return shards;
  }

  /** What is to be sent since this was last asked: to runs, then to shards. */
  takeMessages(): readonly Command[] {
    const loans = this.loans.takeUnsent().map(({ node, slots, first }): Command => {
      if (!first || !this.shards.has(node)) return { kind: 'lend', ...node, slots };
      return { kind: 'shard', ...node, slots, ...this.shards.contents(node) };
    });
    const { messages } = this;
    this.messages = [];
    const isShard = (command: Command) => 'u' in command && this.shards.has(command);
    return [...loans.filter((one) => !isShard(one)), ...loans.filter(isShard), ...messages];
  }

  snapshot(): Pick<State, 'shards' | 'loans'> {
    const shards = Object.fromEntries(
      [...this.shards.cutFans].map((u): [number, { [from: string]: Loan }] => [u, {}]),
    );
    const loans: { [node: string]: Loan } = {};
    for (const { node, lent, owed, wants } of this.loans.all) {
      const loan = { lent, ...(owed > 0 && { owed }), ...(wants > 0 && { wants }) };
      if (this.shards.has(node)) shards[node.u]![node.k] = { ...loan, ...this.shards.loanOf(node) };
      else loans[nameOf(node)] = loan;
    }
    return {
      ...(this.shards.cutFans.size > 0 && { shards }),
      ...(Object.keys(loans).length > 0 && { loans }),
    };
  }

  /** What a slot lent to it comes with. */
  private usesWith(node: Node): Uses {
    return this.shards.has(node) ? usesOf(this.graph, node) : [];
  }
}

import type { UnitGraph } from '../graph/units.js';
import { allOf, type Counting, emptyTally, verdictOf } from './joins.js';
import { kindOf, type Verdict } from './rules.js';
import { type End, endOf, type Letter, type State } from './state.js';
import type { Terrain } from './terrain.js';

/** A clause as it stands. */
interface Standing {
  readonly tally: Counting;
  /** Fans among those that are open whose width nobody knows yet. */
  unopened: number;
  verdict: Verdict;
}

/**
 * The need sets of a graph, counted down as units and instances end: an event costs what it touches, however many units
 * share a set. What follows from an event is taken from `decided` and `overtaken`, once.
 */
export class Waits {
  private readonly standing: readonly (readonly Standing[])[];
  /** Clauses of each set that have no verdict yet. */
  private readonly pending: number[];
  private sets: number[] = [];
  private rest: number[] = [];
  /** Verdicts that time brought about, by `s.c`. */
  private readonly said: Map<string, Verdict>;

  /** @param letters of units and of the instances of open fans */
  constructor(
    private readonly graph: UnitGraph,
    private readonly terrain: Terrain,
    letters: { readonly units: readonly Letter[]; readonly fans: ReadonlyMap<number, readonly Letter[]> },
    { said = {} }: Pick<State, 'said'>,
  ) {
    this.said = new Map(Object.entries(said));
    this.standing = terrain.clauses.map((clauses, s) =>
      clauses.map((clause, c) => {
        const one: Standing = { tally: emptyTally(), unopened: 0, verdict: 'waits' };
        for (const u of clause.of) {
          const letter = letters.units[u]!;
          const instances = letters.fans.get(u);
          const counted =
            instances === undefined
              ? [letter]
              : { instances, whole: [letter], opened: ['d'] as const }[clause.counts];
          for (const letter of counted) count(one, endOf(letter));
          if (this.isFan(u) && instances === undefined && endOf(letter) === undefined) one.unopened++;
        }
        one.verdict = this.said.get(`${s}.${c}`) ?? verdictOf(clause, one.tally, one.unopened);
        return one;
      }),
    );
    this.pending = this.standing.map((all) => all.filter(({ verdict }) => verdict === 'waits').length);
  }

  /** What a set as a whole says. */
  verdict(s: number): Verdict {
    return this.pending[s]! > 0 ? 'waits' : allOf(this.standing[s]!.map(({ verdict }) => verdict));
  }

  /** Whether unit `u` is among the rest of those that a clause needed no more. */
  isOvertaken(u: number): boolean {
    return this.terrain.watchers[u]!.some(
      ([s, c]) => this.terrain.clauses[s]![c]!.rest && this.standing[s]![c]!.verdict === 'starts',
    );
  }

  unitEnded(u: number, end: End): void {
    this.change(u, (one, counts) => {
      // Of an open fan, what counts has been counted.
      if (end === 'done' && counts !== 'whole') return;
      one.tally.open--;
      count(one, end);
      if (this.isFan(u) && end !== 'done') one.unopened--;
    });
  }

  fanOpened(u: number, width: number): void {
    this.change(u, (one, counts) => {
      one.unopened--;
      if (counts === 'instances') one.tally.open += width - 1;
      if (counts !== 'opened') return;
      one.tally.open--;
      one.tally.success++;
    });
  }

  instanceEnded(u: number, end: End): void {
    this.change(u, (one, counts) => {
      if (counts !== 'instances') return;
      one.tally.open--;
      count(one, end);
    });
  }

  /**
   * So long after the run began, ms, what has no verdict yet and no more time gets one; and no retry changes it any more.
   * @param isOpen whether it is not known yet how unit `u` stands
   */
  due(ms: number, isOpen: (u: number) => boolean): void {
    for (const { s, c, of } of this.timedBy(ms)) {
      if (this.waitsFor(s, c) && of.some(isOpen)) continue;
      this.judge(s, c, true);
      this.said.set(`${s}.${c}`, this.standing[s]![c]!.verdict);
    }
  }

  /** Units of which it decides how they stand so long after the run began, ms. */
  undecidedBy(ms: number): ReadonlySet<number> {
    return new Set(this.timedBy(ms).flatMap(({ s, c, of }) => (this.waitsFor(s, c) ? of : [])));
  }

  private timedBy(ms: number) {
    return this.terrain.clauses.flatMap((clauses, s) =>
      clauses.flatMap(({ of, byMs = Infinity }, c) => (byMs <= ms ? [{ s, c, of }] : [])),
    );
  }

  private waitsFor(s: number, c: number): boolean {
    return this.standing[s]![c]!.verdict === 'waits';
  }

  /** Sets that have come to a verdict since this was last asked. */
  decided(): readonly number[] {
    const sets = this.sets;
    this.sets = [];
    return sets;
  }

  /** Units that nothing waits for any more since this was last asked, though not all of them have ended. */
  overtaken(): readonly number[] {
    const units = this.rest;
    this.rest = [];
    return units;
  }

  snapshot(): Pick<State, 'said'> {
    return this.said.size > 0 ? { said: Object.fromEntries(this.said) } : {};
  }

  private change(u: number, how: (one: Standing, counts: 'instances' | 'whole' | 'opened') => void): void {
    for (const [s, c] of this.terrain.watchers[u]!) {
      how(this.standing[s]![c]!, this.terrain.clauses[s]![c]!.counts);
      this.judge(s, c, false);
    }
  }

  private judge(s: number, c: number, due: boolean): void {
    const one = this.standing[s]![c]!;
    const clause = this.terrain.clauses[s]![c]!;
    if (one.verdict !== 'waits') return;
    one.verdict = verdictOf(clause, one.tally, one.unopened, due);
    if (one.verdict === 'waits') return;
    if (clause.rest && one.verdict === 'starts') this.rest.push(...clause.of);
    if (--this.pending[s]! === 0) this.sets.push(s);
  }

  private isFan(u: number): boolean {
    return this.graph.units[u]!.kind === 'fan';
  }
}

function count({ tally }: Standing, end: End | undefined): void {
  if (end === undefined) tally.open++;
  else tally[end === 'done' ? 'success' : kindOf(end)]++;
}

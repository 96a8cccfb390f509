/**
 * Runs in turn: next is the run that has had least. Who comes anew has had as much as who has had least, so nobody saves
 * turns for later.
 */
export type Turns = ReadonlyMap<string, number>;

/** Those who want something, each with what it has had. */
export function entered(turns: Turns, wanting: Iterable<string>): Map<string, number> {
  const names = new Set(wanting);
  const had = [...names].flatMap((run) => turns.get(run) ?? []);
  const least = had.length > 0 ? Math.min(...had) : 0;
  // Counted from the least: what is never reset grows without bound.
  return new Map([...names].map((run) => [run, (turns.get(run) ?? least) - least]));
}

/** Of these runs the one whose turn it is; among equals the first. */
export function nextOf(turns: Turns, runs: Iterable<string>): string | undefined {
  let next: string | undefined;
  for (const run of runs)
    if (next === undefined || (turns.get(run) ?? 0) < (turns.get(next) ?? 0)) next = run;
  return next;
}

/** Lines of runs, of which one is served at a time: the first of whose turn it is. */
export class Queue<T> {
  readonly #lines = new Map<string, T[]>();
  #turns: Map<string, number> = new Map();
  #planned: string[] = [];

  get size(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.length, 0);
  }
  add(run: string, one: T): void {
    const line = this.#lines.get(run);
    if (line) line.push(one);
    else this.#lines.set(run, [one]);
    this.#turns = entered(this.#turns, this.#lines.keys());
  }
  /** Runs whose turn it is first, one after the other, whatever they have had. */
  plan(runs: readonly string[]): void {
    this.#planned = [...runs];
  }
  first(): T | undefined {
    while (this.#planned.length > 0 && !this.#lines.has(this.#planned[0]!)) this.#planned.shift();
    const run = this.#planned[0] ?? nextOf(this.#turns, this.#lines.keys());
    return run === undefined ? undefined : this.#lines.get(run)![0];
  }
  /** @param share what serving it takes of its run's turn */
  served(run: string, one: T, share: number): void {
    this.#turns.set(run, (this.#turns.get(run) ?? 0) + share);
    if (this.#planned[0] === run) this.#planned.shift();
    this.drop(run, one);
  }
  drop(run: string, one: T): void {
    const left = (this.#lines.get(run) ?? []).filter((other) => other !== one);
    if (left.length > 0) this.#lines.set(run, left);
    else this.#lines.delete(run);
  }
  /** Up to `most` of them, of each run its first: whatever each has had, nobody is left out. */
  sample(most: number, shareOf: (one: T) => number): T[] {
    const turns = new Map<string, number>();
    const places = new Map<string, number>([...this.#lines.keys()].map((run) => [run, 0]));
    const out: T[] = [];
    while (out.length < most && places.size > 0) {
      const run = nextOf(turns, places.keys())!;
      const line = this.#lines.get(run)!;
      const place = places.get(run)!;
      const one = line[place]!;
      out.push(one);
      turns.set(run, (turns.get(run) ?? 0) + shareOf(one));
      if (place + 1 < line.length) places.set(run, place + 1);
      else places.delete(run);
    }
    return out;
  }
  all(): T[] {
    return [...this.#lines.values()].flat();
  }
}

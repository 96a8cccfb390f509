import { type Claim, type Limits, shareOf, within } from './lease.js';
import { type Pieces, taken } from './pieces.js';
import { nextOf, type Turns } from './turns.js';

/** What there is; absent: no such limit is stated. */
export interface Stock {
  readonly requests?: Pieces;
  readonly tokens?: Pieces;
}

export interface Grant {
  readonly requests: Pieces;
  readonly tokens: Pieces;
}

export interface Dealt {
  /** What nobody got. */
  readonly left: Stock;
  /** Every call has got something. */
  readonly isEnough: boolean;
  /** What is kept for others until they ask. */
  readonly kept: Grant;
  /** What the one who asks gets. */
  readonly got: Grant;
  /** What of its calls that is for, by run. */
  readonly pending: readonly (readonly [run: string, share: number])[];
  /** Those calls themselves. */
  readonly served: ReadonlySet<Claim>;
}

/**
 * Deals what is free by `time` to all calls that wait, in turn by run, within a run in turn by worker; what is for `me` is
 * given out, what is for others is kept for them until they ask. Nobody overtakes a call that has to wait for more, so a
 * large one is served in its turn.
 *
 * @param claims of each worker, in its order
 * @param turns what each run, and each worker, has had
 */
export function deal(
  stock: Stock,
  time: number,
  claims: ReadonlyMap<string, readonly Claim[]>,
  me: string,
  turns: { readonly runs: Turns; readonly workers: Turns },
  limits: Limits,
): Dealt {
  const runs = new Map(turns.runs);
  const workers = new Map(turns.workers);
  const lines = linesOf(claims);
  let { requests, tokens } = stock;
  const got: Heap = { requests: [], tokens: [] };
  const kept: Heap = { requests: [], tokens: [] };
  const pending: [string, number][] = [];
  const served = new Set<Claim>();
  for (;;) {
    const run = nextOf(runs, lines.keys());
    if (run === undefined) break;
    const line = lines.get(run)!;
    const worker = nextOf(workers, line.keys())!;
    const [claim, ...later] = line.get(worker)! as [Claim, ...Claim[]];
    const wanted = within(limits, claim[1]);
    const one = requests && taken(requests, 1, time);
    const some = tokens && taken(tokens, wanted, time);
    if ((requests && !one) || (tokens && !some)) break;
    requests = one?.left;
    tokens = some?.left;
    const share = shareOf(limits, wanted);
    runs.set(run, (runs.get(run) ?? 0) + share);
    workers.set(worker, (workers.get(worker) ?? 0) + share);
    if (later.length > 0) line.set(worker, later);
    else line.delete(worker);
    if (line.size === 0) lines.delete(run);
    const heap = worker === me ? got : kept;
    heap.requests.push(...(one?.taken ?? []));
    heap.tokens.push(...(some?.taken ?? []));
    if (worker !== me) continue;
    pending.push([run, share]);
    served.add(claim);
  }
  const left = { ...(requests && { requests }), ...(tokens && { tokens }) };
  return { left, isEnough: lines.size === 0, kept, got, pending, served };
}

interface Heap {
  readonly requests: Pieces[number][];
  readonly tokens: Pieces[number][];
}

/**
 * By run and by worker, the calls in their order. Both by name: among equals everybody who asks has to be told of the same one
 * that it is next, or each is kept waiting for another.
 */
function linesOf(claims: ReadonlyMap<string, readonly Claim[]>): Map<string, Map<string, Claim[]>> {
  const lines = new Map<string, Map<string, Claim[]>>();
  for (const [worker, list] of [...claims].sort(byName))
    for (const claim of list) {
      const [run] = claim;
      const workers = lines.get(run) ?? new Map<string, Claim[]>();
      lines.set(run, workers.set(worker, [...(workers.get(worker) ?? []), claim]));
    }
  return new Map([...lines].sort(byName));
}

export const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;

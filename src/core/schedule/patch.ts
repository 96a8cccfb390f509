import type { UnitGraph } from '../graph/units.js';
import { mostOf, setOf } from '../graph/units.js';
import { ByHand } from './byHand.js';
import { Letters } from './letters.js';
import { reopeningOf } from './reopen.js';
import { initialState, type State } from './state.js';

/** A graph that takes the place of another: the units of that come first, each in its place. */
export interface Patch {
  readonly graph: UnitGraph;
  /** Units that are not what they were, those taken out among them. */
  readonly touched: readonly number[];
}

export type Patched =
  | { readonly state: State }
  /** Nothing of the run is left to do. */
  | { readonly over: true }
  /** Units that have begun, or ended otherwise than by being skipped. */
  | { readonly begun: readonly number[] }
  /** Briefs and instances it would come to, where those are too many. */
  | { readonly size: number };

/**
 * The state in which a run goes on by another graph, all of it or none:
 *  1. what it touches has not begun; what was skipped before it began waits again, and all that was skipped for that;
 *  2. what has ended stands, and what runs goes on;
 *  3. a unit that is taken out is not needed from now on. What somebody skipped stays so;
 *  4. how many run at once is what was said last, by the graph or by somebody.
 */
export function patched(old: UnitGraph, state: State, { graph, touched }: Patch): Patched {
  // One that drains goes on by it in its next history.
  if (state.stopping !== 'draining' && (state.closed || state.stopping !== undefined)) return { over: true };
  const begun = touched.filter((u) => hasBegun(state, u));
  if (begun.length > 0) return { begun };
  const fresh = initialState(graph).units.slice(old.units.length);
  const said = carriedOver(old, graph, state.said);
  const letters = new Letters({ ...state, units: state.units + fresh });
  if (fresh.length > 0 && letters.size > mostOf(graph)) return { size: letters.size };

  const byHand = new ByHand(state);
  const reopening = reopeningOf(graph, { dispatches: state.dispatches, ...(said && { said }) }, letters);
  for (const u of touched)
    if (graph.units[u]!.removed) {
      letters.write({ u }, 'n');
      byHand.want({ u });
    } else if (letters.units[u] === 'k' && !byHand.has({ u })) reopening.wait({ u });
  reopening.followers(byHand);
  const { said: _, byHand: __, wanted: ___, concurrency, ...rest } = state;
  const isSaid = concurrency !== undefined && graph.concurrency === old.concurrency;
  return {
    state: {
      ...rest,
      ...letters.snapshot(state),
      dispatches: reopening.dispatches,
      ...(isSaid && { concurrency }),
      ...byHand.snapshot(),
      ...(said && { said }),
    },
  };
}

/** Briefs and instances known by now. */
export const sizeOf = (state: State): number => new Letters(state).size;

/** What was skipped before anybody began it has not. */
function hasBegun({ units, dispatches }: State, u: number): boolean {
  return (units[u] !== '.' && units[u] !== 'k') || (dispatches[u] ?? 0) > 0;
}

/** What time decided stands for whoever waits for the same as before. */
function carriedOver(old: UnitGraph, graph: UnitGraph, said: State['said'] = {}): State['said'] {
  const carried = Object.entries(said).flatMap(([name, verdict]) => {
    const [s, c] = name.split('.').map(Number);
    return graph.units.flatMap(({ needs }, u) =>
      old.units[u]?.needs === s && needs !== undefined && isSame(setOf(graph, u), old.sets[s!])
        ? [[`${needs}.${c}`, verdict] as const]
        : [],
    );
  });
  return carried.length > 0 ? Object.fromEntries(carried) : undefined;
}

const isSame = (a: object, b: object | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

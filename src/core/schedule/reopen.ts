import type { UnitGraph } from '../graph/units.js';
import { tallyOf } from './joins.js';
import { type Node, nameOf } from './ready.js';
import { judge } from './rules.js';
import { endOf, LETTERS, type Letter, type State } from './state.js';
import { terrainOf } from './terrain.js';
import { Waits } from './waits.js';

/** Ends that may be taken back: what delivered stands, and what its needs decided is theirs to change. */
const RETRIED: ReadonlySet<string> = new Set(['failed', 'missing', 'partial', 'cancelled', 'over-budget']);

/**
 * The state in which a brief or instance waits again that ended without what was asked of it, and with it everything that
 * never began because of it. What did begin keeps what it was given. The same state where there is nothing to retry.
 */
export function reopen(graph: UnitGraph, state: State, node: Node): State {
  const name = nameOf(node);
  const units = [...state.units] as Letter[];
  const fans = new Map(Object.entries(state.fans).map(([u, text]) => [Number(u), [...text] as Letter[]]));
  const letter = node.k === undefined ? units[node.u] : fans.get(node.u)?.[node.k];
  const byHand = state.byHand ?? [];
  if (letter === undefined) return state;
  if (!RETRIED.has(LETTERS[letter]) && !(letter === 'k' && byHand.includes(name))) return state;
  wait(node);

  const { unitsOf, clauses } = terrainOf(graph);
  const isTheirs = (letter: Letter | undefined, name: string) =>
    (letter === 'k' || letter === 'n') && !byHand.includes(name);
  for (let changed = true; changed; ) {
    changed = false;
    const waits = new Waits(
      graph,
      terrainOf(graph),
      { units, fans },
      new Map(Object.entries(state.said ?? {})),
    );
    for (const s of clauses.keys())
      for (const u of unitsOf[s]!)
        if (isTheirs(units[u], `${u}`) && waits.verdict(s) === 'waits') changed = wait({ u });
    for (const [u, letters] of fans)
      for (const k of letters.keys())
        if (isTheirs(letters[k], `${u}.${k}`) && pairWaits(u, k)) changed = wait({ u, k });
  }

  const count = (of: { readonly [node: string]: number } = {}) => ({ ...of, [name]: (of[name] ?? 0) + 1 });
  return {
    ...state,
    units: units.join(''),
    fans: Object.fromEntries([...fans].map(([u, letters]) => [u, letters.join('')])),
    dispatches: count(state.dispatches),
    again: count(state.again),
    byHand: byHand.filter((one) => one !== name),
  };

  /** An open fan is open again. */
  function wait({ u, k }: Node): true {
    if (k === undefined) units[u] = '.';
    else {
      fans.get(u)![k] = '.';
      units[u] = '*';
    }
    return true;
  }

  function pairWaits(u: number, k: number): boolean {
    const { needs } = graph.units[u]!;
    const { each = [], eachRule = 'all_success' } = needs === undefined ? {} : graph.sets[needs]!;
    const ends = each.map((source) => endOf(fans.get(source)?.[k] ?? 'k'));
    return judge(eachRule, tallyOf(ends.map((end) => (end === 'done' ? 'succeeded' : end)))) === 'waits';
  }
}

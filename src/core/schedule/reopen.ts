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
  const terrain = terrainOf(graph);
  const said = new Map(Object.entries(state.said ?? {}));
  const waitsNow = () => new Waits(graph, terrain, { units, fans }, said);
  // Nothing waits for it any more.
  if (waitsNow().isOvertaken(node.u)) return state;
  const dispatches: { [node: string]: number } = { ...state.dispatches };
  wait(node);

  const isTheirs = (letter: Letter | undefined, name: string) =>
    (letter === 'k' || letter === 'n') && !byHand.includes(name);
  for (let changed = true; changed; ) {
    changed = false;
    const waits = waitsNow();
    for (const [s, waiting] of terrain.unitsOf.entries())
      for (const u of waiting)
        if (isTheirs(units[u], `${u}`) && waits.verdict(s) === 'waits') changed = wait({ u });
    for (const [u, letters] of fans)
      for (const k of letters.keys())
        if (isTheirs(letters[k], `${u}.${k}`) && pairWaits(u, k)) changed = wait({ u, k });
  }
  return {
    ...state,
    units: units.join(''),
    fans: Object.fromEntries([...fans].map(([u, letters]) => [u, letters.join('')])),
    dispatches,
    again: { ...state.again, [name]: (state.again?.[name] ?? 0) + 1 },
    byHand: byHand.filter((one) => one !== name),
  };

  /** An open fan is open again, and whoever may have begun this before holds it no more. */
  function wait(one: Node): true {
    const { u, k } = one;
    const before = k === undefined ? units[u] : fans.get(u)![k];
    if (before !== 'k') dispatches[nameOf(one)] = (dispatches[nameOf(one)] ?? 0) + 1;
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

import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { Letters } from './letters.js';
import { LETTERS, type Letter, type State } from './state.js';
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
  const letters = new Letters(state);
  const letter = letters.of(node);
  const byHand = state.byHand ?? [];
  if (letter === undefined) return state;
  if (!RETRIED.has(LETTERS[letter]) && !(letter === 'k' && byHand.includes(name))) return state;
  const reopening = reopeningOf(graph, state, letters);
  // Nothing waits for it any more.
  if (reopening.waits().isOvertaken(node.u)) return state;
  reopening.wait(node);
  reopening.followers(byHand);
  return {
    ...state,
    ...letters.snapshot(state),
    dispatches: reopening.dispatches,
    again: { ...state.again, [name]: (state.again?.[name] ?? 0) + 1 },
    byHand: byHand.filter((one) => one !== name),
  };
}

/** Lets wait again what has ended, on `letters`. */
export function reopeningOf(graph: UnitGraph, state: Pick<State, 'dispatches' | 'said'>, letters: Letters) {
  const terrain = terrainOf(graph);
  const said = new Map(Object.entries(state.said ?? {}));
  const dispatches: { [node: string]: number } = { ...state.dispatches };
  const waitsNow = () => new Waits(graph, terrain, letters, said);

  /** An open fan is open again, and whoever may have begun this before holds it no more. */
  function wait(one: Node): true {
    if (letters.of(one) !== 'k') dispatches[nameOf(one)] = (dispatches[nameOf(one)] ?? 0) + 1;
    letters.write(one, '.');
    if (one.k !== undefined) letters.write({ u: one.u }, '*');
    return true;
  }

  /** All that never began because of what waits again, unless somebody skipped it. */
  function followers(byHand: readonly string[]): void {
    const isTheirs = (letter: Letter | undefined, name: string) =>
      (letter === 'k' || letter === 'n') && !byHand.includes(name);
    for (let changed = true; changed; ) {
      changed = false;
      const waits = waitsNow();
      for (const [s, waiting] of terrain.unitsOf.entries())
        for (const u of waiting)
          if (isTheirs(letters.units[u], `${u}`) && waits.verdict(s) === 'waits') changed = wait({ u });
      for (const [u, instances] of letters.fans)
        for (const k of instances.keys())
          if (isTheirs(instances[k], `${u}.${k}`) && letters.pairVerdict(graph, u, k) === 'waits')
            changed = wait({ u, k });
    }
  }

  return { dispatches, waits: waitsNow, wait, followers };
}

import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { ByHand } from './byHand.js';
import { Letters } from './letters.js';
import { type Begun, isEnd, LETTERS, type State } from './state.js';
import { terrainOf } from './terrain.js';
import { Waits } from './waits.js';

/** Ends that may be taken back: what delivered stands, and what its needs decided is theirs to change. */
const RETRIED: ReadonlySet<string> = new Set(['failed', 'missing', 'partial', 'cancelled', 'over-budget']);

/**
 * The state in which a brief or instance waits again that ended without what was asked of it, and with it everything that
 * never began because of it. What did begin keeps what it was given. Undefined where there is nothing to retry.
 * @param as in a shard: the run has decided that, and this is how it stands
 */
export function reopen(
  graph: UnitGraph,
  state: State,
  node: Node,
  as?: Begun,
): { readonly state: State; readonly waiting: readonly Node[] } | undefined {
  const name = nameOf(node);
  const letters = new Letters(state);
  const letter = letters.of(node);
  const byHand = new ByHand(state);
  if (letter === undefined) return undefined;
  const isRetried = as ? isEnd(letter) : RETRIED.has(LETTERS[letter]) || (letter === 'k' && byHand.has(node));
  if (!isRetried) return undefined;
  const reopening = reopeningOf(graph, state, letters);
  // Nothing waits for it any more.
  if (reopening.waits().isOvertaken(node.u)) return undefined;
  reopening.wait(node);
  reopening.followers(byHand);
  byHand.want(node);
  const { dispatches, waiting } = reopening;
  if (as) dispatches[name] = Math.max(dispatches[name] ?? 0, as.dispatches);
  const again = as?.again ?? (state.again?.[name] ?? 0) + 1;
  const { byHand: _, wanted: __, ...rest } = state;
  const reopened = {
    ...rest,
    ...letters.snapshot(state),
    ...byHand.snapshot(),
    dispatches,
    again: { ...state.again, ...(again > 0 && { [name]: again }) },
  };
  return { state: reopened, waiting };
}

/** Lets wait again what has ended, on `letters`; `waiting` says what that came to. */
export function reopeningOf(graph: UnitGraph, state: Pick<State, 'dispatches' | 'said'>, letters: Letters) {
  const terrain = terrainOf(graph);
  const dispatches: { [node: string]: number } = { ...state.dispatches };
  const waiting: Node[] = [];
  const waitsNow = () => new Waits(graph, terrain, letters, state);

  /** An open fan is open again, and whoever may have begun this before holds it no more. */
  function wait(one: Node): true {
    if (letters.of(one) !== 'k') dispatches[nameOf(one)] = (dispatches[nameOf(one)] ?? 0) + 1;
    letters.write(one, '.');
    if (one.k !== undefined) letters.write({ u: one.u }, '*');
    waiting.push(one);
    return true;
  }

  /** All that never began because of what waits again, unless somebody skipped it. */
  function followers(byHand: ByHand): void {
    const isTheirs = (one: Node) => ['k', 'n'].includes(letters.of(one)!) && !byHand.has(one);
    for (let changed = true; changed; ) {
      changed = false;
      const waits = waitsNow();
      for (const [s, units] of terrain.unitsOf.entries())
        for (const u of units) if (isTheirs({ u }) && waits.verdict(s) === 'waits') changed = wait({ u });
      for (const [u, instances] of letters.fans)
        for (const k of instances.keys())
          if (isTheirs({ u, k }) && letters.pairVerdict(graph, u, k) === 'waits') changed = wait({ u, k });
    }
  }

  return { dispatches, waiting, waits: waitsNow, wait, followers };
}

import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { ByHand } from './byHand.js';
import { Letters } from './letters.js';
import { reopeningOf } from './reopen.js';
import { isEnd, type State } from './state.js';
import { resumed } from './step.js';
import { terrainOf } from './terrain.js';

/**
 * The state in which a run that was over goes on: these wait again though they had ended, and with them all that was made from
 * what they delivered, but for what somebody skipped. Everything else stands.
 */
export function sentBack(graph: UnitGraph, state: State, nodes: readonly Node[]): State {
  const letters = new Letters(state);
  const byHand = new ByHand(state);
  const reopening = reopeningOf(graph, state, letters);
  const again: { [node: string]: number } = { ...state.again };
  const left: Node[] = [...nodes];
  const seen = new Set<string>();
  for (let node = left.pop(); node; node = left.pop()) {
    const letter = letters.of(node);
    if (seen.has(nameOf(node)) || letter === undefined || !isEnd(letter) || byHand.has(node)) continue;
    seen.add(nameOf(node));
    // What never began has nothing to take back.
    if (letter !== 'k') again[nameOf(node)] = (again[nameOf(node)] ?? 0) + 1;
    reopening.wait(node);
    left.push(...dependants(graph, node.u));
  }
  return {
    ...resumed(state),
    ...letters.snapshot(state),
    dispatches: reopening.dispatches,
    ...(Object.keys(again).length > 0 && { again }),
  };
}

function dependants(graph: UnitGraph, u: number): Node[] {
  const { watchers, unitsOf } = terrainOf(graph);
  const sets = new Set(watchers[u]!.map(([set]) => set));
  return [...sets].flatMap((set) => unitsOf[set]!.map((dependant) => ({ u: dependant })));
}

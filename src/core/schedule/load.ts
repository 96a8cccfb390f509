import { nodeNamed } from '../graph/node.js';
import type { Unit, UnitGraph } from '../graph/units.js';
import type { State } from './state.js';

/* What a run has in hand, and still before it, as the history it takes: counted in units. */

/** A shard, or a run within the run, weighs as much in the history of the run as so many units. */
const WEIGHT = 12;
/** So does a workflow that tells nothing on its way. */
const CHILD = 2;
const weightOf = ({ within, tools }: Unit): number => (within ? WEIGHT : tools ? CHILD : 1);

/** Units, instances and shards known by now that have not ended, as units. */
export function leftOf({ units, sharding }: UnitGraph, { units: all, fans, shards = {} }: State): number {
  const of = sharding?.of ?? Infinity;
  const open = (letters: string) => letters.replace(/[^.r*w]/g, '').length;
  const inFan = ([u, letters]: [string, string]) => {
    if (!shards[u]) return open(letters) * weightOf(units[Number(u)]!);
    const cuts = Array.from({ length: Math.ceil(letters.length / of) }, (_, n) => n * of);
    return cuts.reduce((sum, at) => sum + Math.min(WEIGHT, open(letters.slice(at, at + of))), 0);
  };
  const alone = units.reduce((sum, unit, u) => sum + open(all[u]!) * weightOf(unit), 0);
  return Object.entries(fans).reduce((sum, fan) => sum + inFan(fan), alone);
}

/** The same of what runs. */
export const runningOf = ({ units }: UnitGraph, { running, shards = {} }: State): number =>
  running.reduce((sum, name) => sum + weightOf(units[nodeNamed(name).u]!), 0) +
  Object.values(shards).reduce((sum, loans) => sum + WEIGHT * Object.keys(loans).length, 0);

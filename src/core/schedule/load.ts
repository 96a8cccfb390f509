import { nodeNamed } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { State } from './state.js';

/* What a run has in hand, and still before it, as the history it takes: counted in units. */

/** A shard, or a run within the run, weighs as much in the history of the run as so many units. */
const WEIGHT = 12;

/** Units, instances and shards known by now that have not ended, as units. */
export function leftOf({ units, sharding }: UnitGraph, { units: all, fans, shards = {} }: State): number {
  const of = sharding?.of ?? Infinity;
  const open = (letters: string) => letters.replace(/[^.r*w]/g, '').length;
  const runsLeft = units.filter(({ within }, u) => within && open(all[u]!) > 0).length;
  const inFan = ([u, letters]: [string, string]) => {
    if (!shards[u]) return open(letters) * (units[Number(u)]?.within ? WEIGHT : 1);
    const cuts = Array.from({ length: Math.ceil(letters.length / of) }, (_, n) => n * of);
    return cuts.reduce((sum, at) => sum + Math.min(WEIGHT, open(letters.slice(at, at + of))), 0);
  };
  const alone = open(all) + (WEIGHT - 1) * runsLeft;
  return Object.entries(fans).reduce((sum, fan) => sum + inFan(fan), alone);
}

/** The same of what runs. */
export const runningOf = ({ units }: UnitGraph, { running, shards = {} }: State): number =>
  running.reduce((sum, name) => sum + (units[nodeNamed(name).u]?.within ? WEIGHT : 1), 0) +
  Object.values(shards).reduce((sum, loans) => sum + WEIGHT * Object.keys(loans).length, 0);

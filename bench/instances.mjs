import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Workflow DAGs, plans and scheduling problems below `data`, the folder that MUSTER_DATA names. */
export function instances(data) {
  const read = (name) => JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8'));
  return {
    read,
    /** `family/name` of each there is. */
    names: (family) =>
      readdirSync(join(data, family))
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${family}/${file.replace('.json', '')}`),
  };
}

/** What has no duration takes 1. */
export const durationOf = ({ durationMs, durationUnits }) => durationUnits ?? durationMs ?? 1;

/** As many as a worker has threads for functions. */
const SLOTS = 16;
const MOST_TASKS = 200;

/** Those of at most 200 tasks: of each source and size in turn one, drawn by the seed, as `family/name@slots`. */
export function sampled({ read, names }, count, seed) {
  const fits = (name) => read(name).tasks.length <= MOST_TASKS;
  const at = (slots) => (name) => `${name}@${slots}`;
  const rcpsp = names('rcpsp');
  const groups = [
    names('wf').filter(fits).map(at(16)),
    names('wf').filter(fits).map(at(4)),
    ...['j30', 'j60', 'j120'].map((size) =>
      rcpsp.filter((name) => name.match(/j(30|60|120)/)[0] === size).map(at(SLOTS)),
    ),
    names('jssp').map(at(SLOTS)),
    names('asynchow').map(at(SLOTS)),
    names('docs').map(at(SLOTS)),
    names('worfbench').filter(fits).map(at(4)),
  ];
  const random = mulberry32(seed);
  const drawn = [];
  while (drawn.length < count && groups.some((group) => group.length > 0))
    for (const group of groups)
      if (group.length > 0 && drawn.length < count)
        drawn.push(...group.splice(Math.floor(random() * group.length), 1));
  return drawn;
}

/** The same numbers for the same seed, from 0 to below 1. */
function mulberry32(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

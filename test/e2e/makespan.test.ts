import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../bench/real.mjs', import.meta.url));
/** Of a scientific workflow, locks of a job shop, several resources, few slots: `family/name@slots`. */
const INSTANCES = [
  'wf/srasearch-chameleon-10a-001@4',
  'jssp/ft06@4',
  'rcpsp/j3030_10@16',
  'wf/helloworld-forkjoin-10-chameleon@4',
];
/** Whatever else a machine does makes a run longer, and none shorter: the shortest of so many says most about Muster. */
const GOES = 3;

interface Figures {
  readonly name: string;
  readonly simulated: number;
  readonly real: number;
  /** 5 % more than simulated, and 20 ms for each brief on the critical path. */
  readonly allowed: number;
}

async function carriedOut(names: readonly string[]): Promise<readonly Figures[]> {
  const env = { ...process.env, TEMPORAL_ADDRESS: inject('address') };
  const args = [BENCH, '--json', '--seconds', '15', '--at-once', '2', ...names];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout) as Figures[];
}

/** What else a machine does decides it too, so it is asked for: `MUSTER_MEASURE=1`, on a machine that has nothing else to do. */
const asked = process.env.MUSTER_DATA !== undefined && process.env.MUSTER_MEASURE !== undefined;

it.runIf(asked)(
  'plans of sleeping briefs take on a real server what the simulation says, but for 5 % and 20 ms for each brief on the critical path',
  async () => {
    const shortest = new Map<string, Figures>();
    const outside = () =>
      INSTANCES.filter(
        (name) => !(shortest.get(name) && shortest.get(name)!.real <= shortest.get(name)!.allowed),
      );
    for (let go = 0; go < GOES && outside().length > 0; go++)
      for (const one of await carriedOut(outside()))
        if (one.real < (shortest.get(one.name)?.real ?? Number.POSITIVE_INFINITY))
          shortest.set(one.name, one);
    console.log(
      [...shortest.values()]
        .map(({ name, real, simulated }) => `${name} ${(real / simulated).toFixed(3)}`)
        .join(', '),
    );
    for (const { name, real, simulated, allowed } of shortest.values()) {
      expect(real, name).toBeLessThanOrEqual(allowed);
      // No plan is carried out sooner than its dispatcher can: then it was not the same plan.
      expect(real, name).toBeGreaterThan(0.9 * simulated);
    }
    expect([...shortest.keys()].sort()).toEqual([...INSTANCES].sort());
  },
);

if (!asked)
  console.log('MUSTER_MEASURE or MUSTER_DATA is not set: no plan was carried out beside its simulation.');

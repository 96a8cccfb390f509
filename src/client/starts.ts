import { randomBytes } from 'node:crypto';
import { sha256 } from '../adapters/digest.js';
import type { RunInput } from '../contracts/run.js';
import { Failure } from '../core/outcome/failure.js';
import { isAsIn } from '../core/plan/patch.js';
import type { Plan } from '../core/plan/plan.js';
import { loadPlan, storePlan } from '../engine/plans.js';
import { findRun, hasRun, type RunEntry } from '../engine/runIndex.js';
import { announce, stillThere, withdraw } from '../engine/starts.js';
import { Taken } from '../temporal/taken.js';
import type { Around } from './around.js';
import { soundBy } from './sound.js';
import type { Muster, Startable, Started, StartOptions } from './surface.js';

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** How runs begin: anew, once only, or repeating another. */
export function startsOn({
  store,
  service,
  check,
  known,
}: Around): Pick<Muster, 'start' | 'startOrAttach' | 'rerun'> {
  const sound = soundBy(check);
  const anyId = (): string => randomBytes(4).toString('hex');

  /** @param base the run that it repeats */
  async function begin(
    id: string,
    input: () => Promise<RunInput & { readonly summary: string }>,
    base?: RunEntry,
  ): Promise<Started> {
    if (!RUN_ID.test(id))
      throw new Failure(
        'InvalidInput',
        `\`${id.slice(0, 80)}\` is no id of a run: letters, digits, \`.\`, \`_\` and \`-\`, at most 100, beginning with a letter or digit.`,
      );
    const there = await hasRun(store, id);
    if (there === 'removing')
      throw new Failure(
        'InvalidInput',
        `A run called ${id} is just being removed. Give another --id, or wait until muster prune has finished that.`,
      );
    if (there) throw new Taken(id);
    // Only what can be started is stored.
    const runs = await service();
    const start = { id, at: Date.now(), ...(base && { base: base.first }) };
    const announced = await announce(store, start, anyId());
    try {
      if (base) await stillThere(store, base);
      const { summary, ...given } = await input();
      return { id, ...(await runs.start(id, given, summary)) };
    } catch (error) {
      // Of any other error nobody knows whether the run has started all the same.
      if (error instanceof Failure) await withdraw(store, announced);
      throw error;
    }
  }

  /** @throws Failure `InvalidInput` where that run has another plan */
  async function attach(id: string, plan: RunInput['plan']): Promise<string> {
    const entry = await findRun(store, id);
    const there = entry?.id === id ? entry : await (await service()).describe(id);
    if (!there) throw new Taken(id);
    if (!('digest' in plan) || (await goesBy(there, plan.digest))) return there.first;
    throw new Failure(
      'InvalidInput',
      `The run ${id} has another plan, or other params or files. Give this one an id of its own.`,
    );
  }

  /** Whether that is the plan that the run began with, or goes by since it was patched. */
  async function goesBy({ first, plan, patches }: Partial<RunEntry>, digest: string): Promise<boolean> {
    if (plan === undefined || plan === digest || patches === undefined) return plan === digest;
    const [now, given] = await Promise.all([loadPlan(store, plan), loadPlan(store, digest)]);
    const beganSo = now.plan.patches?.some(({ run, from }) => run === first && from === digest);
    return beganSo || isAsIn(now.plan, given.plan);
  }

  async function inputOf(
    plan: Startable,
    options: StartOptions,
  ): Promise<RunInput & { readonly summary: string }> {
    if ('inline' in plan) return { plan, summary: 'a plan given as JSON' };
    const compiled = await sound(plan, options);
    return { plan: { digest: await storePlan(store, compiled, sha256) }, summary: summaryOf(compiled.plan) };
  }

  const summaryOf = ({ name, brief }: Plan): string => `${name}: ${brief}`;

  return {
    start: (plan, options = {}) => begin(options.id ?? anyId(), () => inputOf(plan, options)),
    async startOrAttach(plan, { id, ...options }) {
      const input = () => inputOf(plan, options);
      try {
        return { ...(await begin(id, input)), attached: false };
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        return { id, first: await attach(id, (await input()).plan), attached: true };
      }
    },
    async rerun(given, { plan, ...options } = {}) {
      const base = await known(given);
      if (!base.closed && (await (await service()).describe(base.id))?.open)
        throw new Failure(
          'InvalidInput',
          `${base.id} has not ended. Wait for it (muster watch ${base.id}), or stop it (muster cancel ${base.id}).`,
        );
      const input = async () => ({
        ...(plan
          ? await inputOf(plan, options)
          : {
              plan: { digest: base.plan },
              summary: summaryOf((await loadPlan(store, base.plan)).plan),
            }),
        base: { id: base.id, first: base.first, plan: base.plan },
      });
      return begin(options.id ?? anyId(), input, base);
    },
  };
}

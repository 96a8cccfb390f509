import type { AskOptions } from '../adapters/executors/ask.js';
import { checkPolicy } from '../adapters/executors/checkPolicy.js';
import { OPEN_POLICY, type Policy } from '../adapters/executors/policy.js';
import { checkModel, NO_PROVIDER } from '../adapters/executors/provider.js';
import { Failure } from '../core/outcome/failure.js';
import type { Plan } from '../core/plan/plan.js';
import type { Problem } from '../core/plan/problems.js';

interface Here {
  readonly policy: Partial<Policy>;
  readonly model?: AskOptions;
  /** URL of the module of functions. */
  readonly functions?: string;
}

/** Of rules that are used when briefs are over. */
export const refusedRules = ({ briefs: _, ...rules }: Plan, here: Here): Promise<readonly Problem[]> =>
  refusedHere({ ...rules, briefs: [] }, here);

/**
 * Every place of a plan that asks what may not be asked here, or for what there is nobody here.
 * @throws Failure `InvalidInput` where the module of functions does not load
 */
export async function refusedHere(
  plan: Plan,
  { policy, model = {}, functions }: Here,
): Promise<readonly Problem[]> {
  const calls =
    plan.integrate.merge.some(({ reduce }) => reduce !== undefined) ||
    plan.briefs.some((brief) => [brief, brief.fallback].some((by) => by?.executor.kind === 'call'));
  const known = calls && functions !== undefined ? await namesIn(functions) : [];
  const found = [
    ...checkPolicy(plan, { ...OPEN_POLICY, ...policy }, { inline: false, functions: known }),
    ...checkModel(plan, model, `${NO_PROVIDER}.`),
  ];
  if (functions !== undefined) return found;
  return found.map((problem) =>
    /\.(reduce|call)$/.test(problem.path)
      ? { ...problem, message: 'no module of functions is set up. Name it with MUSTER_FUNCTIONS.' }
      : problem,
  );
}

/** @throws Failure `InvalidInput` where the module does not load */
async function namesIn(functions: string): Promise<readonly string[]> {
  const { functionNames } = await import('../adapters/executors/call.js');
  return functionNames(functions).catch((cause: Error) => {
    const message = `The module of functions ${functions} does not load: ${cause.message}`;
    throw new Failure('InvalidInput', message, { cause });
  });
}

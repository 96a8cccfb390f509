import { isObject, type Json } from '../core/outcome/canonical.js';
import type { Problem } from '../core/plan/problems.js';
import type { Executors } from '../ports/executor.js';
import type { Unit } from './unit.js';

/** What accepts or rejects outputs: commands, judges, and what reads plans. */
export interface Accepting extends Pick<Executors, 'run' | 'ask'> {
  /** What is wrong with a plan, a map or text, that came by a brief. */
  readonly plans: (plan: Json) => Promise<readonly Problem[]>;
}

export const acceptingOf = ({ effects }: Unit): Accepting => ({
  run: effects.executors.run,
  ask: effects.executors.ask,
  async plans(plan) {
    if (typeof plan !== 'string' && !isObject(plan))
      return [{ severity: 'error', path: '', message: 'a plan is a map, or its text as YAML or JSON.' }];
    const compiled = await effects.compileWithin(
      typeof plan === 'string' ? { text: plan } : { document: plan },
    );
    if (!compiled.ok) return compiled.problems;
    return effects.refused(compiled.plan, { inline: true });
  },
});

import { totalUsage } from '../core/integrate/usage.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { View } from '../core/outcome/several.js';
import type { Perspectives } from '../core/plan/plan.js';
import { reconciling } from '../core/plan/reconciling.js';
import type { AskWork } from '../core/plan/render.js';
import type { Executor } from '../ports/executor.js';
import { beginning, modelsIn, sampled } from './sampling.js';
import type { Unit } from './unit.js';

/*
 * One brief from several viewpoints, a sample each, and one more call that brings them together.
 *  1. Nobody who takes a viewpoint sees what others said.
 *  2. A view that could not be used is told to whoever brings them together; with fewer than two there is nothing to bring.
 *  3. What was said from each stays in the report, whatever was made of it.
 */

const FEWEST = 2;

/** @returns an executor that asks `ask` for each view, and delivers what they come to together */
export const byViews =
  (unit: Unit, { views, parallel }: Perspectives, ask: Executor<AskWork>): Executor<AskWork> =>
  async (task) => {
    const { digest } = unit.effects;
    const { values, usage } = await sampled(unit, task, ask, {
      ...{ samples: views.length, parallel },
      keepsUnusable: true,
    });
    const { samples } = unit.log.state;
    const told = views.map(({ name }, i): View => {
      const value = values.get(i + 1);
      const reason = samples.get(i + 1)?.reason?.message;
      return { name, ...(value !== undefined && { value: beginning(value) }), ...(reason && { reason }) };
    });
    const several = { kind: 'views', views: told, ...modelsIn([...samples.values()]) } as const;
    const usable = [...values.values()].filter((value) => value !== undefined);
    if (usable.length < Math.min(FEWEST, views.length)) {
      const why = told.find(({ reason }) => reason)?.reason;
      throw new Failure(
        'OutputInvalid',
        `Of ${views.length} views of ${unit.label} ${usable.length} could be used: ${why}`,
        {
          several,
          ...(usage && { usage }),
        },
      );
    }
    const { voters: _, asides: __, ...asked } = task.work;
    const all = views.map(({ name }, i): readonly [string, Json | undefined] => [name, values.get(i + 1)]);
    const work = reconciling(asked, all, digest);
    const effect = await ask({ ...task, work, key: digest(`${task.key} reconciled`) });
    const model = effect.usage?.model;
    const spent = totalUsage([usage, effect.usage]);
    return {
      ...effect,
      several,
      ...(spent && { usage: { ...spent, ...(model !== undefined && { model }) } }),
    };
  };

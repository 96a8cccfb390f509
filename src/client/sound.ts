import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import { listed } from '../core/plan/problems.js';
import type { PlanDocument } from '../core/plan/schema.js';
import type { Sound, StartOptions } from './surface.js';

/** A plan as written is compiled first. @throws Failure `InvalidPlan` naming every problem */
export const soundBy =
  (check: (source: Source) => Promise<Compiled>) =>
  async (plan: PlanDocument | Sound, { params, folder }: StartOptions): Promise<Sound> => {
    if ('ok' in plan) return plan;
    const document = plan as unknown as JsonObject;
    const compiled = await check({
      document,
      ...(params && { params }),
      ...(folder !== undefined && { folder }),
    });
    if (compiled.ok) return compiled;
    throw new Failure('InvalidPlan', listed(compiled.problems));
  };

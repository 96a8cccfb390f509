import type { PlanDocument } from '../core/plan/schema.js';

/** A plan as a value, with its keys checked as it is typed; what it means is checked when it is started. */
export const definePlan = (plan: PlanDocument): PlanDocument => plan;

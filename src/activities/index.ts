import { activityInfo } from '@temporalio/activity';
import type { Activities } from '../contracts/activities.js';
import type { Effects } from '../engine/runUnit.js';
import { type CompileEffects, compile } from './compile.js';
import { expand } from './expand.js';
import { toTemporal } from './failures.js';
import { type IntegrateEffects, integrate } from './integrate.js';
import { unit } from './unit.js';

export type ActivityEffects = Omit<Effects, 'beat'> & CompileEffects & IntegrateEffects;

/** The activities of a worker, made from what its composition root gives them. */
export function createActivities(effects: ActivityEffects): Activities {
  return {
    compile: classified(compile(effects)),
    expand: classified(expand(effects)),
    unit: classified(unit(effects)),
    integrate: classified(integrate(effects)),
  };
}

const classified =
  <I, O>(activity: (input: I) => Promise<O>) =>
  async (input: I): Promise<O> => {
    try {
      return await activity(input);
    } catch (error) {
      throw toTemporal(error, activityInfo().attempt);
    }
  };

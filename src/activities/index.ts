import type { Activities } from '../contracts/activities.js';
import type { Effects } from '../engine/runUnit.js';
import { batch } from './batch.js';
import { type CompileEffects, compile } from './compile.js';
import { expand } from './expand.js';
import { type IntegrateEffects, integrate } from './integrate.js';
import { notePatch, readPatch } from './patch.js';
import { call, turn } from './step.js';
import { bounded, persistent } from './unforeseen.js';
import { unit } from './unit.js';

export type ActivityEffects = Omit<Effects, 'beat'> & CompileEffects & IntegrateEffects;

/** The activities of a worker, made from what its composition root gives them. */
export function createActivities(effects: ActivityEffects): Activities {
  const unitwise = bounded();
  return {
    compile: persistent(compile(effects)),
    readPatch: persistent(readPatch(effects)),
    notePatch: persistent(notePatch(effects)),
    expand: unitwise(expand(effects)),
    batch: unitwise(batch(effects)),
    unit: unitwise(unit(effects)),
    turn: unitwise(turn(effects)),
    call: unitwise(call(effects)),
    integrate: persistent(integrate(effects)),
  };
}

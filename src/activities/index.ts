import type { Activities } from '../contracts/activities.js';
import type { Effects } from '../engine/runUnit.js';
import type { Redactor } from '../ports/redactor.js';
import { batch } from './batch.js';
import { type CompileEffects, compile } from './compile.js';
import { expand } from './expand.js';
import { type IntegrateEffects, integrate } from './integrate.js';
import { notePatch, readPatch } from './patch.js';
import { call, turn } from './step.js';
import { bounded, persistent } from './unforeseen.js';
import { unit } from './unit.js';

export type ActivityEffects = Omit<Effects, 'beat'> &
  CompileEffects &
  IntegrateEffects & {
    /** Of what nobody foresaw: effects are without secrets already. */
    readonly redactor: Redactor;
  };

/** The activities of a worker, made from what its composition root gives them. */
export function createActivities(effects: ActivityEffects): Activities {
  const unitwise = bounded(effects.redactor);
  const lasting = persistent(effects.redactor);
  return {
    compile: lasting(compile(effects)),
    readPatch: lasting(readPatch(effects)),
    notePatch: lasting(notePatch(effects)),
    expand: unitwise(expand(effects)),
    batch: unitwise(batch(effects)),
    unit: unitwise(unit(effects)),
    turn: unitwise(turn(effects)),
    call: unitwise(call(effects)),
    integrate: lasting(integrate(effects)),
  };
}

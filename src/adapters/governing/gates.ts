import type { Admission } from '../../ports/admission.js';
import { type Allowances, allowanceOf, chainOf, limitsOf } from './allowed.js';
import { Gate, type GateOptions } from './gate.js';

export interface GatesOptions extends Pick<GateOptions, 'host' | 'worker' | 'ask'> {
  readonly allowances: Allowances;
}

export interface Gates extends Admission {
  close(): void;
}

/**
 * A gate for each model that is asked. Where nothing goes for a while, a call goes to the model that may stand in for it, and
 * back from there where it has not had its turn before its own may be asked again.
 */
export function gates({ allowances, ...options }: GatesOptions): Gates {
  const open = new Map<string, Gate>();
  const gateOf = (model: string): Gate => {
    const known = open.get(model);
    if (known) return known;
    const made = new Gate({ ...options, model, limits: limitsOf(allowanceOf(allowances, model)) });
    open.set(model, made);
    return made;
  };
  return {
    async enter(wish) {
      const chain = chainOf(allowances, wish.model);
      for (;;)
        for (const [i, model] of chain.entries()) {
          const isLast = i === chain.length - 1;
          const gate = gateOf(model);
          const isShut = () => !isLast && gate.isShut;
          if (isShut()) continue;
          const before = chain.slice(0, i).map(gateOf);
          const pass = await gate.enter(wish, () => isShut() || before.some((one) => !one.isShut));
          if (pass) return pass;
        }
    },
    close() {
      for (const gate of open.values()) gate.close();
    },
  };
}

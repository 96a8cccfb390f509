import type { Bindings } from '../core/plan/bindings.js';
import type { AskWork } from '../core/plan/render.js';
import type { Executor } from '../ports/executor.js';
import { accept } from './accept.js';
import { acceptingOf } from './accepting.js';
import type { Unit } from './unit.js';
import { byVariants } from './variants.js';
import { byViews } from './views.js';
import { byVote } from './voting.js';

/** What asks a model as often as its brief says, and makes one output of it; any other executor as it is. */
export function askedAsOften(unit: Unit, bindings: Bindings, once: Executor): Executor {
  const { vote, variants, perspectives } = unit.brief;
  const ask = once as Executor<AskWork>;
  if (vote) return byVote(unit, vote, ask) as Executor;
  if (perspectives) return byViews(unit, perspectives, ask) as Executor;
  if (!variants) return once;
  const { brief, plan, effects } = unit;
  const { digest } = effects;
  return byVariants(unit, variants, ask, (output, task, spend) =>
    accept(output, { ...{ brief, plan, bindings, digest, spend, task }, ...acceptingOf(unit) }),
  ) as Executor;
}

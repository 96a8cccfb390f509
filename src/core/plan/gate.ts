import type { Json, JsonObject } from '../outcome/canonical.js';
import { canonical } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Status } from '../outcome/outcome.js';
import type { Bindings } from './bindings.js';
import type { Brief, Plan } from './plan.js';
import { renderText } from './template.js';

/** Exactly what a person is shown who is asked; the digest of its canonical form is what their answer names. */
export interface Shown {
  /** Name of the plan. */
  readonly plan: string;
  readonly brief: string;
  /** Of an instance. */
  readonly key?: string;
  readonly title?: string;
  readonly question: string;
  /** What the needs under `context` came to, in the order the plan names them. */
  readonly context: readonly { readonly need: string; readonly status: Status; readonly output: Json }[];
}

/** UTF-16 units of all that is shown: nobody reads more, and nothing is cut. */
const MAX_SHOWN = 400_000;

/** @throws Failure `InvalidInput` where the template fails on these values, or there is too much to show */
export function shownBy(plan: Plan, brief: Brief, text: string, { needs, ...rest }: Bindings): Shown {
  const { id, title, context } = brief;
  const shown: Shown = {
    plan: plan.name,
    brief: id,
    ...(rest.item && { key: rest.item.key }),
    ...(title !== undefined && { title }),
    question: renderText(text, { needs, ...rest }),
    context: context.map((need) => ({ need, ...needs[need]! })),
  };
  const { length } = canonical(shown as unknown as JsonObject);
  if (length <= MAX_SHOWN) return shown;
  throw new Failure(
    'InvalidInput',
    `what \`${id}\` shows has ${length.toLocaleString('en')} characters, over the maximum of ${MAX_SHOWN.toLocaleString('en')}. Show less: name a brief under \`context\` that sums it up.`,
  );
}

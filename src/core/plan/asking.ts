import type { JsonObject } from '../outcome/canonical.js';
import type { Brief, Plan } from './plan.js';
import type { AskWork } from './render.js';
import { modelOf } from './tier.js';

/** What a model is asked by Muster itself: by these rules, about this, to be answered as the schema says. */
export const asking = (
  { models }: Pick<Plan, 'models'>,
  model: string,
  {
    rules,
    content,
    schema,
  }: { readonly rules: string; readonly content: string; readonly schema: JsonObject },
): AskWork => ({
  kind: 'ask',
  model: modelOf({ models }, model),
  messages: [
    { role: 'system', content: rules },
    { role: 'user', content },
  ],
  schema,
});

/** Every place of a plan that asks a model. */
export function asksModel(plan: Plan): readonly string[] {
  const asks = ({ executor }: Brief, path: string) => (executor.kind === 'ask' ? [`${path}.ask`] : []);
  const paths = plan.briefs.flatMap((brief, i) => [
    ...asks(brief, `briefs[${i}]`),
    ...(brief.fallback ? asks(brief.fallback, `briefs[${i}].fallback`) : []),
    ...(brief.accept.some(({ kind }) => kind === 'judge') ? [`briefs[${i}].accept`] : []),
  ]);
  const judged = plan.requirements.flatMap(({ check }, i) =>
    check?.kind === 'judge' ? [`requirements[${i}].check.judge`] : [],
  );
  const decided = plan.integrate.merge.flatMap(({ name, conflicts }) =>
    conflicts.some(({ kind }) => kind === 'judge') ? [`integrate.merge.${name}.conflicts`] : [],
  );
  const written = plan.integrate.synthesize ? ['integrate.synthesize'] : [];
  return [...paths, ...judged, ...decided, ...written];
}

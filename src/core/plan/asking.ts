import type { JsonObject } from '../outcome/canonical.js';
import type { Plan } from './plan.js';
import type { AskWork } from './render.js';

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
  model: models[model] ?? model,
  messages: [
    { role: 'system', content: rules },
    { role: 'user', content },
  ],
  schema,
});

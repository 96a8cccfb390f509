import type { Brief, Plan } from '../../core/plan/plan.js';
import type { Problem } from '../../core/plan/problems.js';

/** Whom a worker asks. */
export interface Provider {
  /** Of any endpoint that speaks OpenAI's chat completions; absent: OpenAI's own. */
  readonly baseURL?: string;
  /** Absent where the endpoint asks for none. */
  readonly apiKey?: string;
}

/** With neither, there is nobody to ask. */
export const isSetUp = ({ baseURL, apiKey }: Provider): boolean =>
  baseURL !== undefined || apiKey !== undefined;

export const NO_MODEL =
  'no model provider is set up. Set OPENAI_API_KEY, or OPENAI_BASE_URL for another provider, and start the worker again.';

/** Every place of a plan that asks a model, where the worker has none: found before anything starts. */
export function checkModel(plan: Plan, model: Provider): Problem[] {
  if (isSetUp(model)) return [];
  const asks = ({ executor }: Brief, path: string) => (executor.kind === 'ask' ? [`${path}.ask`] : []);
  const paths = plan.briefs.flatMap((brief, i) => [
    ...asks(brief, `briefs[${i}]`),
    ...(brief.fallback ? asks(brief.fallback, `briefs[${i}].fallback`) : []),
    ...(brief.accept.some(({ kind }) => kind === 'judge') ? [`briefs[${i}].accept`] : []),
  ]);
  return paths.map((path) => ({ severity: 'error', path, message: NO_MODEL }));
}

import { asksModel } from '../../core/plan/asking.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Problem } from '../../core/plan/problems.js';

/** Whom a worker asks. */
export interface Provider {
  /** Of any endpoint that speaks OpenAI's chat completions; absent: OpenAI's own. */
  readonly baseURL?: string;
  /** Absent where the endpoint asks for none. */
  readonly apiKey?: string;
}

export const OPENAI = 'https://api.openai.com/v1';

/** Of whom is asked, for people and as a name of its limits. */
export const hostOf = ({ baseURL = OPENAI }: Provider): string =>
  URL.canParse(baseURL) ? new URL(baseURL).host : baseURL;

/** With neither, there is nobody to ask. */
export const isSetUp = ({ baseURL, apiKey }: Provider): boolean =>
  baseURL !== undefined || apiKey !== undefined;

/** What is wrong, and what to do; what else there is to do follows. */
export const NO_PROVIDER =
  'no model provider is set up. Set OPENAI_API_KEY, or OPENAI_BASE_URL for another provider';
export const NO_MODEL = `${NO_PROVIDER}, and start the worker again.`;

/** Every place of a plan that asks a model, where there is none: found before anything starts. */
export function checkModel(plan: Plan, model: Provider, message = NO_MODEL): Problem[] {
  if (isSetUp(model)) return [];
  return asksModel(plan).map((path) => ({ severity: 'error', path, message }));
}

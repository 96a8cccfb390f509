import type { Json } from '../core/outcome/canonical.js';

/** Takes the values of secrets out of whatever leaves an effect; `[secret NAME]` stands in their place. */
export interface Redactor {
  /** `cut`: where the text may begin or end within a secret. */
  text(text: string, cut?: 'start' | 'end'): string;
  /** Keys as well. */
  value(value: Json): Json;
  /** The same error with its stack and causes, each without what else it carries. */
  error(error: unknown): unknown;
}

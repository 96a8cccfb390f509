import type { Draft } from '../draft.js';
import type { Problems } from '../problems.js';

/** A budget says what it limits. */
export function checkBudgets({ document, briefs }: Draft, problems: Problems): void {
  const { budget } = document.limits ?? {};
  if (budget && !budget.usd && !budget.tokens) problems.error(['limits', 'budget'], SAYS_NOTHING);
  for (const { at, budget } of briefs)
    if (budget && !budget.usd && !budget.tokens) problems.error(['briefs', at, 'budget'], SAYS_NOTHING);
}

const SAYS_NOTHING = 'says neither `usd` nor `tokens`. Say what may be spent, or remove the key.';

import type { Draft, WrittenBrief } from '../draft.js';
import type { Problems } from '../problems.js';

/** Whoever wants the next tier after an answer that will not do has one, and a try to ask it. */
export function checkEscalation({ briefs, document }: Draft, problems: Problems): void {
  for (const brief of briefs) if (brief.ask !== undefined) checkOne(brief, document.models ?? {}, problems);
}

function checkOne(
  { at, vote, retry, model, effect }: WrittenBrief,
  models: { readonly [tier: string]: string },
  problems: Problems,
): void {
  const byVote = vote?.tie === 'escalate';
  if (!byVote && !retry?.escalate) return;
  const path = byVote ? ['briefs', at, 'vote', 'tie'] : ['briefs', at, 'retry', 'escalate'];
  if (vote?.models)
    problems.error(path, 'nobody is asked but `vote.models`. Remove them, or do without the next tier.');
  else if (effect === 'once' || retry?.attempts === 1)
    problems.warning(path, 'there is no second try that could ask the next tier. Allow more `attempts`.');
  else if (model !== undefined && !Object.hasOwn(models, model))
    problems.warning(path, `\`${model}\` is no tier of \`models\`: none is above it.`);
  else if (Object.keys(models).length < 2)
    problems.warning(path, 'the plan has no two tiers under `models`, so none is above another.');
}

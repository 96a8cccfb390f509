import { isObject, type JsonObject } from '../../outcome/canonical.js';
import type { Draft, WrittenBrief } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import { checkJsonPath } from './jsonPaths.js';

/** A vote can be decided, on something that samples can agree on. */
export function checkVotes({ briefs, document }: Draft, problems: Problems): void {
  for (const brief of briefs) {
    const { at, vote, output } = brief;
    checkEscalation(brief, document.models ?? {}, problems);
    if (!vote || problems.doubts('briefs', at, 'vote')) continue;
    const path = ['briefs', at, 'vote'];
    const { samples, quorum, field } = vote;
    if (quorum !== undefined && quorum > samples)
      problems.error(
        [...path, 'quorum'],
        `${quorum} votes are wanted of ${samples} samples. Ask for more samples, or want fewer votes.`,
      );
    if (field?.startsWith('$')) checkJsonPath(field, [...path, 'field'], problems);
    if (field !== undefined && !output)
      problems.error(
        [...path, 'field'],
        'the output has no fields: it is text. Say by `output` which it has.',
      );
    if (field !== undefined && !field.startsWith('$') && output)
      checkField(field, output, [...path, 'field'], problems);
    if (field === undefined && !output)
      problems.warning(
        path,
        'samples of free text hardly agree. Say by `output` and `field` on what they vote.',
      );
  }
}

/** A field that no sample has would have every sample abstain. */
function checkField(
  field: string,
  { properties, additionalProperties }: JsonObject,
  path: Path,
  problems: Problems,
): void {
  if (!isObject(properties) || Object.hasOwn(properties, field)) return;
  const message = `\`output\` names no field \`${field}\`.${didYouMean(field, Object.keys(properties))}`;
  if (additionalProperties === false) problems.error(path, message);
  else problems.warning(path, message);
}

/** Whoever wants the next tier after an answer that will not do has one, and a try to ask it. */
function checkEscalation(
  { at, ask, vote, retry, model, effect }: WrittenBrief,
  models: { readonly [tier: string]: string },
  problems: Problems,
): void {
  if (ask === undefined) return;
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

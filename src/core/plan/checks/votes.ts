import { isObject, type JsonObject } from '../../outcome/canonical.js';
import type { Draft } from '../draft.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import { checkJsonPath } from './jsonPaths.js';

/** A vote can be decided, on something that samples can agree on. */
export function checkVotes({ briefs }: Draft, problems: Problems): void {
  for (const { at, vote, output } of briefs) {
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

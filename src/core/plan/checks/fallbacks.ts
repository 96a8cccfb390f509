import { Failure } from '../../outcome/failure.js';
import { CARRIED, type Draft, executorOf, ownWorkspace, type WrittenBrief } from '../draft.js';
import type { Path, Problems } from '../problems.js';
import type { Schemas } from '../schemas.js';
import { validator } from '../validate.js';
import { checkKeys } from './ids.js';

/** A fallback is asked for where there is one, is one thing, and can give what its brief has to. */
export function checkFallbacks({ briefs }: Draft, schemas: Schemas, problems: Problems): void {
  for (const brief of briefs) {
    const { at, id, retry, fallback } = brief;
    const path = ['briefs', at, 'fallback'];
    if (problems.doubts('briefs', at, 'retry') || problems.doubts(...path)) continue;
    if (fallback && retry?.then !== 'fallback')
      problems.error(
        path,
        `nothing leads to it. Say \`retry: { then: fallback }\` in \`${id}\`, or remove it.`,
      );
    if (!fallback && retry?.then === 'fallback')
      problems.error(
        ['briefs', at, 'retry', 'then'],
        `\`${id}\` has no \`fallback\`. Say what follows, such as \`fallback: { value: … }\`, or remove this.`,
      );
    if (fallback) checkOne(brief, fallback, path, problems);
    if (fallback?.value !== undefined) checkValue(brief, schemas, [...path, 'value'], problems);
  }
}

function checkOne(
  brief: WrittenBrief,
  fallback: NonNullable<WrittenBrief['fallback']>,
  path: Path,
  problems: Problems,
): void {
  const given = (['value', ...CARRIED] as const).filter((key) => fallback[key] !== undefined);
  const kind = executorOf(fallback as WrittenBrief);
  if (given.length !== 1) {
    const has = given.length === 0 ? 'none' : given.join(' and ');
    problems.error(
      path,
      `a fallback is one of \`value\`, \`run\`, \`ask\`, \`http\`, \`call\`; this has ${has}.`,
    );
  } else if (kind) {
    checkKeys(fallback, kind, path, problems);
  } else {
    for (const key of Object.keys(fallback).filter((key) => key !== 'value'))
      problems.error([...path, key], `\`${key}\` means nothing to a constant. Remove it.`);
  }
  if (fallback.retry?.then === 'fallback')
    problems.error([...path, 'retry', 'then'], 'a fallback has none of its own. Say `fail` or `missing`.');
  if (ownWorkspace(brief) && brief.produces && given.length === 1 && kind !== 'run' && kind !== 'call')
    problems.error(
      path,
      `\`${brief.id}\` has to leave files (\`produces\`), and this makes none. Use \`run\` or \`call\`, or remove \`produces\`.`,
    );
}

function checkValue(
  { id, fallback }: WrittenBrief,
  { outputs }: Schemas,
  path: Path,
  problems: Problems,
): void {
  const schema = outputs.get(id);
  if (!schema) return;
  try {
    for (const wrong of validator(schema)(fallback!.value!))
      problems.error(path, `it does not fit the \`output\` of \`${id}\`: ${wrong}.`);
  } catch (error) {
    // A schema that is none is reported where it stands.
    if (!(error instanceof Failure)) throw error;
  }
}

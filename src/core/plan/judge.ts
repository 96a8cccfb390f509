import { canonical, type Digest, type Json, type JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import { asking } from './asking.js';
import type { Accept, Brief, Plan } from './plan.js';
import { answerIn, DATA_RULE, data, lengthOf, MAX_PROMPT, section } from './prompt.js';
import type { AskWork } from './render.js';
import { modelOf } from './tier.js';

/** A statement that a model holds an output against. */
export type Judge = Extract<Accept, { kind: 'judge' }>;

/** What a judge answers. */
export interface Judgement {
  readonly holds: boolean;
  readonly finding: string;
}

export const JUDGEMENT: JsonObject = {
  type: 'object',
  properties: { holds: { type: 'boolean' }, finding: { type: 'string' } },
  required: ['holds', 'finding'],
  additionalProperties: false,
};

const INSTRUCTIONS = [
  'You judge whether a statement is true of a piece of work. Judge that statement alone, and the work as it is, not as it may have been meant.',
  DATA_RULE,
  'Say in `holds` whether the statement is true, and in `finding` in a sentence or two what shows it: where it is not true, what is wrong and where, so that it can be mended.',
  answerIn(JUDGEMENT),
].join('\n');

/**
 * What a judge is asked: the statement, and the output as data. It sees nothing else.
 * @throws Failure `OutputInvalid` where the output is too long to be judged whole
 */
export function judging(plan: Plan, { model, says }: Judge, output: Json, digest: Digest): AskWork {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  const content = `${section('Statement', says)}\n\n${data('the work', text, digest)}`;
  const work = asking(plan, model, { rules: INSTRUCTIONS, content, schema: JUDGEMENT });
  if (lengthOf(work.messages) > MAX_PROMPT)
    throw new Failure(
      'OutputInvalid',
      `The output has ${text.length.toLocaleString('en')} characters, more than a judge can be given (${MAX_PROMPT.toLocaleString('en')} with the question). Have it give less.`,
    );
  return work;
}

/** Who judges or ranks the outputs of a brief, and by what, as one text; undefined where nobody does. */
export function judgesOf(plan: Plan, { accept, variants }: Brief): string | undefined {
  const judges = accept.flatMap((one) =>
    one.kind === 'judge' ? [[modelOf(plan, one.model), one.says]] : [],
  );
  if (variants?.rank) judges.push(['rank', modelOf(plan, variants.rank.model), variants.rank.by]);
  return judges.length > 0 ? canonical(judges) : undefined;
}

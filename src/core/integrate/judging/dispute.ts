import { canonical, type Digest, type Json, type JsonObject } from '../../outcome/canonical.js';
import { asking } from '../../plan/asking.js';
import type { Plan } from '../../plan/plan.js';
import { answerIn, DATA_RULE, data, lengthOf, MAX_PROMPT, section } from '../../plan/prompt.js';
import { validator } from '../../plan/validate.js';
import type { ModelQuestion, Question, Reply } from '../question.js';
import type { JudgeRule } from '../rules.js';
import { hushed, speaks } from './orders.js';

/*
 * Which of several values stands, asked of a model where the rules before it did not decide.
 *  1. It is asked twice, with the values in opposite order: only who chooses the same both times has chosen.
 *  2. It does not see who says what, so that no name weighs.
 *  3. It can choose what was said, or nothing; it says nothing new.
 *  4. Texts that speak to whoever judges them are left out; where a value is one, nobody is asked.
 */

/** A field on which sources differ, come before a judge. */
export interface Dispute {
  readonly in: string;
  /** The key fields of the item. */
  readonly item: JsonObject;
  readonly field: string;
  readonly rule: JudgeRule;
  readonly claims: readonly { readonly value: Json; readonly items?: readonly JsonObject[] }[];
}

export interface Choice {
  /** Number of the claim; absent: none was chosen. */
  readonly claim?: number;
  /** Why, in the judge's words, or what kept it from choosing. */
  readonly finding: string;
}

/** What judges chose; undefined where none was asked. */
export type Choices = (dispute: Dispute) => Choice | undefined;

/** A field may be called like the way to another one: what is said of it tells them apart. */
export const disputeName = ({ in: collection, item, field, rule, claims }: Dispute): string =>
  canonical([collection, item, field, rule.model, rule.by ?? null, claims.map(({ value }) => value)]);

const NONE = 'none';
/** Items that show what a value is said with. */
const EXAMPLES = 3;

const instructions = (schema: JsonObject): string =>
  [
    'Sources differ on one field of one thing. You choose which of the values stands, by what is shown alone.',
    DATA_RULE,
    `Name it in \`choice\`, or say \`${NONE}\` where nothing shown decides; say in \`finding\` in a sentence or two what decides.`,
    answerIn(schema),
  ].join('\n');

interface Hearing {
  readonly questions: readonly [Question, Question];
  readonly choiceOf: (first: Reply, second: Reply) => Choice;
}

/** @returns the choice itself where there is nothing to ask */
export function hearingOf(plan: Plan, dispute: Dispute, digest: Digest): Hearing | Choice {
  const { rule, claims } = dispute;
  if (claims.some(({ value }) => speaks(value)) || speaks(dispute.item))
    return { finding: 'Nobody was asked: what sources say speaks to whoever judges it.' };
  const names = claims.map((_, n) => `${n + 1}`);
  const schema: JsonObject = {
    type: 'object',
    properties: { choice: { type: 'string', enum: [...names, NONE] }, finding: { type: 'string' } },
    required: ['choice', 'finding'],
    additionalProperties: false,
  };
  const wrong = validator(schema);
  const question = (order: readonly Dispute['claims'][number][]): ModelQuestion => ({
    label: `the judge of \`${dispute.field}\` in \`${dispute.in}\``,
    work: asking(plan, rule.model, {
      rules: instructions(schema),
      content: contentOf(dispute, order, digest),
      schema,
    }),
    wrong,
  });
  const questions = [question(claims), question([...claims].reverse())] as const;
  if (questions.some((one) => lengthOf(one.work.messages) > MAX_PROMPT))
    return { finding: 'What sources say is too long to be shown to a judge.' };
  return { questions, choiceOf: (first, second) => agreed(claims.length, first, second) };
}

function contentOf(
  { item, field, in: collection, rule }: Dispute,
  order: readonly Dispute['claims'][number][],
  digest: Digest,
): string {
  const options = order.map(({ value, items = [] }, n) => {
    const within = items.slice(0, EXAMPLES).map((one) => JSON.stringify(hushed(one)));
    return data(
      `value ${n + 1}`,
      [JSON.stringify(value), ...within.map((one) => `said in ${one}`)].join('\n'),
      digest,
    );
  });
  return [
    section('The thing', data(collection, JSON.stringify(item), digest)),
    section('The field', data('its name', field || collection, digest)),
    ...(rule.by === undefined ? [] : [section('How to choose', rule.by)]),
    section('The values', options.join('\n')),
  ].join('\n\n');
}

function agreed(claims: number, first: Reply, second: Reply): Choice {
  for (const reply of [first, second])
    if ('failure' in reply) return { finding: `The judge gave no answer: ${reply.failure.message}` };
  const [one, other] = [first, second].map((reply) => (reply as { value: Json }).value as unknown as Said);
  const [a, b] = [placeOf(one!), placeOf(other!)];
  const back = b === undefined ? undefined : claims - 1 - b;
  if (a === undefined || back === undefined)
    return { finding: `The judge chose none: ${(a === undefined ? one! : other!).finding.trim()}` };
  if (a !== back) return { finding: 'The judge chose another value when they stood in another order.' };
  return { claim: a, finding: one!.finding.trim() };
}

interface Said {
  readonly choice: string;
  readonly finding: string;
}
const placeOf = ({ choice }: Said): number | undefined => (choice === NONE ? undefined : Number(choice) - 1);

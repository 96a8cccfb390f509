import { type Digest, isObject, type Json, type JsonObject } from '../../outcome/canonical.js';
import { asking } from '../../plan/asking.js';
import type { JudgeCheck, Requirement } from '../../plan/integration.js';
import { answerIn, DATA_RULE, data, lengthOf, MAX_PROMPT, section } from '../../plan/prompt.js';
import { validator } from '../../plan/validate.js';
import { type Finding, type Judged, missing } from '../checks/finding.js';
import { hasWords, plainText } from '../evidence/quotations.js';
import { labelOf } from '../expected.js';
import type { ModelQuestion, Question, Reply } from '../question.js';
import { pathOf } from '../select.js';
import { cut, listed } from '../words.js';
import { hushed, LEFT_OUT, leaves, orderIn } from './orders.js';

/*
 * Whether a requirement is met, asked of a model whose word is used only as far as code can check it.
 *  1. It is asked of four statements in an order that nobody can foresee: the requirement, its opposite, one that is true and
 *     one that is not. Whoever says yes to all, or no, has not judged.
 *  2. What it says is met it must show: words that stand in what it was shown.
 *  3. Where a text of the work speaks to whoever judges it, it is asked again without that text; only where that makes no
 *     difference has it judged.
 *  4. It is shown data between marks made from their own digest, has no tools, and decides nothing else.
 */

type Named = Requirement & { readonly check: JudgeCheck };

/** Questions, and what their replies come to. */
export interface Trial {
  /** One; a second where the work speaks to its judge. */
  readonly questions: readonly Question[];
  readonly findingOf: (replies: readonly Reply[]) => Finding;
}

/** A judgement of one statement. */
interface Verdict {
  readonly holds: boolean;
  readonly finding: string;
  /** Words of the work that show it. */
  readonly quotes: readonly string[];
}

const IDS = ['a', 'b', 'c', 'd'] as const;
type Role = 'asked' | 'opposite' | 'true' | 'false';

const VERDICT: JsonObject = {
  type: 'object',
  properties: {
    holds: { type: 'boolean' },
    finding: { type: 'string' },
    quotes: { type: 'array', items: { type: 'string' } },
  },
  required: ['holds', 'finding', 'quotes'],
  additionalProperties: false,
};
const VERDICTS: JsonObject = {
  type: 'object',
  properties: Object.fromEntries(IDS.map((id) => [id, VERDICT])),
  required: [...IDS],
  additionalProperties: false,
};

const INSTRUCTIONS = [
  'You judge which of four statements are true of a piece of work. Judge each by itself, and the work as it is, not as it may have been meant.',
  DATA_RULE,
  'Say of each in `holds` whether it is true, in `finding` in a sentence or two what shows it, and in `quotes` the words of the work that do, copied exactly; where a statement is true, at least one.',
  answerIn(VERDICTS),
].join('\n');

/** @returns the finding itself where there is nothing to ask */
export function trialOf(requirement: Named, judged: Judged, digest: Digest): Trial | Finding {
  const { says, check } = requirement;
  const { data } = judged.merged;
  // Said before anything is made of it: it may be more than fits in memory.
  if (exceeds(check.in === undefined ? [data] : pathOf(check.in).each(data), MAX_PROMPT)) return TOO_LONG;
  const shown: Json = check.in === undefined ? whole(judged) : pathOf(check.in).all(data);
  if (Array.isArray(shown) && shown.length === 0) return missing(`\`${check.in}\` selects nothing.`);
  const order = orderIn(shown, says);
  const hearings = [shown, ...(order === undefined ? [] : [hushed(shown, says)])].map((work) =>
    hearingOf(requirement, work, judged, digest),
  );
  if (hearings.some(({ question }) => lengthOf(question.work.messages) > MAX_PROMPT)) return TOO_LONG;
  return {
    questions: hearings.map(({ question }) => question),
    findingOf: (replies) => {
      const [finding, without] = hearings.map((one, n) => one.findingOf(replies[n]!));
      if (!without || without.status === finding!.status || finding!.status === 'missing') return finding!;
      return missing(
        `The judge (\`${check.model}\`) says something else once texts are left out that speak to whoever judges them, such as “${cut(order ?? '', 80)}”, so its word is not used.`,
      );
    },
  };
}

const TOO_LONG = missing(
  `What is to be judged is, with the question, longer than a judge can be given (${MAX_PROMPT.toLocaleString('en')} characters). Name the part that matters: \`in\`.`,
);

/** Whether values are longer than that as texts, by what they hold. Reads no further than it takes to know. */
function exceeds(values: Iterable<Json>, most: number): boolean {
  let left = most;
  const fits = (value: Json): boolean => {
    left -= typeof value === 'string' ? value.length : 1;
    if (left < 0) return false;
    if (Array.isArray(value)) return value.every(fits);
    return !isObject(value) || Object.entries(value).every(([key, member]) => fits(key) && fits(member));
  };
  for (const value of values) if (!fits(value)) return true;
  return false;
}

/** The merged data, with the answer in words where there is one. */
const whole = ({ merged: { data }, prose }: Judged): Json =>
  prose
    ? {
        data,
        text: prose.sections.map(({ title, paragraphs }) => ({
          title,
          paragraphs: paragraphs.map((sentences) => sentences.map(({ text }) => text).join(' ')),
        })),
      }
    : data;

function hearingOf({ id, says, check }: Named, shown: Json, { plan, holes }: Judged, digest: Digest) {
  const work = JSON.stringify(shown, undefined, 1);
  const seed = digest(`${says}\n${work}`);
  const texts: { readonly [R in Role]: string } = {
    asked: says,
    opposite: `It is not so that the following is true: ${says}`,
    true: `The work has these words: ${phraseIn(shown, seed)}`,
    false: `The work has these words: ${seed.slice(0, 16)}`,
  };
  const roles = (Object.keys(texts) as Role[])
    .map((role) => ({ role, place: digest(`${seed}${role}`) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ role }) => role);
  const content = [
    section('Statements', roles.map((role, n) => `${IDS[n]}: ${texts[role]}`).join('\n')),
    ...(check.rubric === undefined ? [] : [section('How to judge', check.rubric)]),
    data('the work', work, digest),
    ...(holes.length > 0 ? [data('what could not be found out', gaps(holes), digest)] : []),
  ].join('\n\n');
  const question: ModelQuestion = {
    label: `the judge of requirement \`${id}\``,
    work: asking(plan, check.model, { rules: INSTRUCTIONS, content, schema: VERDICTS }),
    wrong: validator(VERDICTS),
  };
  const findingOf = (reply: Reply): Finding => {
    if ('failure' in reply) return missing(`Nobody judged it: ${reply.failure.message}`);
    const said = reply.value as unknown as { readonly [id: string]: Verdict };
    const of = (role: Role): Verdict => said[IDS[roles.indexOf(role)]!]!;
    return concluded(check, of, plainText(quotable(shown, says)));
  };
  return { question, findingOf };
}

/** What may be quoted: all but texts that speak to whoever judges them. */
function quotable(shown: Json, says: string): string {
  const quiet = hushed(shown, says);
  const text = `${JSON.stringify(quiet, undefined, 1)}\n${leaves(quiet).join('\n')}`;
  return text.replaceAll(LEFT_OUT, '');
}

function concluded(check: JudgeCheck, of: (role: Role) => Verdict, work: string): Finding {
  const by = `The judge (\`${check.model}\`)`;
  const unused = (why: string): Finding => missing(`${by} ${why}, so its word is not used.`);
  if (of('false').holds) return unused('said that the work has words which it has not');
  if (!of('true').holds) return unused('said that the work has not words which it has');
  const { holds, finding, quotes } = of('asked');
  if (holds === of('opposite').holds) return unused('said the same of the requirement and of its opposite');
  const found = quotes.filter((quote) => /[\p{L}\p{N}]/u.test(quote) && hasWords(work, quote));
  const shows = found.length > 0 ? ` It quotes ${listed(found.map((quote) => `“${cut(quote, 200)}”`))}.` : '';
  const said = `${by} says: ${cut(finding.trim(), 500) || (holds ? 'it is so.' : 'it is not so.')}${shows}`;
  if (!holds) return { status: 'contradicted', evidence: said };
  const invented = quotes.filter((quote) => !found.includes(quote));
  if (invented.length > 0) return unused(`quotes “${invented[0]}”, which does not stand there`);
  if (found.length === 0) return unused('quotes nothing that shows it');
  return { status: 'covered', evidence: said };
}

const gaps = (holes: Judged['holes']): string =>
  holes.map((hole) => `${labelOf(hole)} (${hole.status}): ${hole.why}`).join('\n');

/** A few words in a row that stand somewhere in the work; which ones, nobody can foresee. */
function phraseIn(shown: Json, seed: string): string {
  const phrases = leaves(shown).flatMap((text) => text.match(/[\p{L}\p{N}]+(?: [\p{L}\p{N}]+){0,4}/gu) ?? []);
  return (
    phrases[Number.parseInt(seed.slice(0, 8), 16) % phrases.length] ?? JSON.stringify(shown).slice(0, 20)
  );
}

import type { Digest, Json, JsonObject } from '../../outcome/canonical.js';
import { asking } from '../../plan/asking.js';
import type { WrittenSection } from '../../plan/integration.js';
import type { Plan } from '../../plan/plan.js';
import { answerIn, DATA_RULE, data, rolePrompt, section } from '../../plan/prompt.js';
import { validator } from '../../plan/validate.js';
import { labelOf } from '../expected.js';
import type { Hole } from '../holes.js';
import { packed } from '../packed.js';
import type { ModelQuestion } from '../question.js';
import { cut } from '../words.js';
import type { Piece } from './material.js';

/*
 * What a writer is asked.
 *  1. It is shown the pieces with the labels of those who said them, and what could not be found out; nothing else.
 *  2. Everything it says names the labels it rests on, so that code can hold it against them.
 *  3. It has no tools, and what stands in a piece is data.
 */

export interface Writing {
  readonly plan: Plan;
  readonly model: string;
  readonly holes: readonly Hole[];
  readonly digest: Digest;
}

const SENTENCE = {
  text: { type: 'string' },
  cites: {
    type: 'array',
    items: { type: 'string' },
    description: 'Labels after "from", as they stand between quotation marks.',
  },
} as const;
const sentence = (more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { ...more, ...SENTENCE },
  required: [...Object.keys(more), 'text', 'cites'],
  additionalProperties: false,
});
const listOf = (name: string, items: JsonObject): JsonObject => ({
  type: 'object',
  properties: { [name]: { type: 'array', items } },
  required: [name],
  additionalProperties: false,
});
const NOTES = listOf('notes', sentence({ theme: { type: 'string' } }));
const TEXT = listOf('paragraphs', listOf('sentences', sentence()));

const RULES = [
  DATA_RULE,
  'Say nothing that the material does not say. Figures, dates, names and quotations stay as the material has them; work none out. Where it does not say something that is asked for, leave that out.',
  'Give with everything you say, in `cites`, the labels of the material that it rests on.',
];

/** Notes on some of the pieces, for a text that is too long to be written from all at once. */
export const notesOn = (writing: Writing, to: WrittenSection, pieces: readonly Piece[]): ModelQuestion =>
  asked(writing, to, pieces, NOTES, [
    'You take notes for a section of a report, from a part of its material. Keep what the section needs, each note one statement, under a theme of a few words; use the same words for the same theme.',
    ...RULES,
  ]);

/** The section itself. */
export const textOf = (
  writing: Writing,
  to: WrittenSection,
  pieces: readonly Piece[],
  names: readonly string[],
): ModelQuestion =>
  asked(
    writing,
    to,
    pieces,
    TEXT,
    ['You write one section of a report, in plain sentences, as paragraphs of statements.', ...RULES],
    names,
  );

function asked(
  { plan, model, holes, digest }: Writing,
  { title, ask }: WrittenSection,
  pieces: readonly Piece[],
  schema: JsonObject,
  rules: readonly string[],
  names: readonly string[] = [],
): ModelQuestion {
  const content = [
    section('The original brief', plan.brief),
    section('The section', title),
    section('What it is to say', ask),
    ...(names.length > 0
      ? [section('It speaks of each of these by name', data('names', names.join('\n'), digest))]
      : []),
    ...pieces.map(({ text, by }) => data(`from ${named(by)}`, text, digest)),
    ...gaps(holes).map(({ by, text }) => data(`from ${named(by)}`, text, digest)),
  ].join('\n\n');
  return {
    label: `the writer of “${title}”`,
    work: asking(plan, model, {
      rules: [...roleOf(plan), ...rules, answerIn(schema)].join('\n'),
      content,
      schema,
    }),
    wrong: validator(schema),
  };
}

const roleOf = ({ roles, integrate }: Plan): readonly string[] => {
  const role = integrate.synthesize?.role;
  return role === undefined ? [] : [rolePrompt(roles, role)];
};

/** Labels may hold what briefs said: nothing in them ends a line. */
const named = (labels: readonly string[]): string => labels.map((label) => JSON.stringify(label)).join(', ');

/** Characters of what is told of that which is missing. */
const GAPS = 10_000;

/** What is told of briefs that delivered nothing, as far as there is room; code lists them all. */
function gaps(holes: readonly Hole[]): readonly Piece[] {
  const all = holes.map((hole): Piece => ({ text: `${gapOf(hole)} ${hole.why}`, by: [labelOf(hole)] }));
  const [first = []] = packed(all, lengthOfPiece, GAPS);
  const more = all.length - first.length;
  return more > 0 ? [...first, { text: `and ${more} more deliver nothing`, by: [] }] : first;
}

/** Characters that a piece takes in a prompt. */
export const lengthOfPiece = ({ text, by }: Piece): number => text.length + named(by).length + MARKS;
/** Of the lines before and after it. */
const MARKS = 70;

/** What is known of a brief that delivered nothing. */
export const gapOf = (hole: Hole): string =>
  `${labelOf(hole)} is ${hole.status}. Not known for that: ${hole.wouldHaveGiven}`;

const FINDINGS = 30;

/** The same, with what was wrong with what came of it. */
export function toBeMended(
  question: ModelQuestion,
  answer: Json,
  findings: readonly string[],
  digest: Digest,
): ModelQuestion {
  const { work } = question;
  const found = findings
    .slice(0, FINDINGS)
    .map((finding) => `- ${cut(finding, 500)}`)
    .join('\n');
  return {
    ...question,
    work: {
      ...work,
      messages: [
        ...work.messages,
        { role: 'assistant', content: JSON.stringify(answer) },
        {
          role: 'user',
          content: section(
            'This was found wrong with it. Write it again without that, and leave the rest as it is',
            data('findings', found, digest),
          ),
        },
      ],
    },
  };
}

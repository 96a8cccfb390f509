import type { Digest, JsonObject } from '../outcome/canonical.js';
import type { Problem } from './problems.js';
import { answerIn, DATA_RULE, data, type Message, section } from './prompt.js';
import type { AskWork } from './render.js';

/** What is planned for. */
export interface Wanted {
  /** In the words of whoever asks. */
  readonly question: string;
  /** Path patterns of files that the plan may read, relative to its folder, with what matches them. */
  readonly files: readonly { readonly glob: string; readonly found: readonly Found[] }[];
  /** What it may use beside models: commands, functions by name. */
  readonly may: { readonly commands: boolean; readonly functions: readonly string[] };
}
interface Found {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Of an answer: the plan as YAML, and what a reader of it should know. */
export const DRAFTED: JsonObject = {
  type: 'object',
  properties: { plan: { type: 'string' }, notes: { type: 'string' } },
  required: ['plan', 'notes'],
  additionalProperties: false,
};

const SHOWN = 200;

/** @param planner the prompt of the role that plans */
export function drafting(planner: string, wanted: Wanted, model: string, digest: Digest): AskWork {
  const content = [
    section('Question', wanted.question),
    section('What may be used', mayInWords(wanted.may)),
    ...wanted.files.map(({ glob, found }) =>
      data(
        `files that match ${glob}`,
        found.slice(0, SHOWN).map(fileInWords).join('\n') + more(found.length),
        digest,
      ),
    ),
  ].join('\n\n');
  const rules = `${planner}\n${DATA_RULE}\nGive the plan as YAML in \`plan\`, and in \`notes\` in a few sentences what you assumed and what a reader should look at.\n${answerIn(DRAFTED)}`;
  return {
    kind: 'ask',
    model,
    messages: [
      { role: 'system', content: rules },
      { role: 'user', content },
    ],
    schema: DRAFTED,
  };
}

const fileInWords = ({ path, size }: Found): string => `${path} (${size.toLocaleString('en')} bytes)`;
const more = (count: number): string => (count > SHOWN ? `\n… and ${count - SHOWN} more` : '');

const mayInWords = ({ commands, functions }: Wanted['may']): string =>
  [
    'Models, with `ask`.',
    commands ? 'Commands, with `run`.' : 'No commands: no `run`, no `accept: { command: … }`, no `verify`.',
    functions.length > 0 ? `These functions, with \`call\`: ${functions.join(', ')}.` : 'No functions.',
  ].join('\n');

/** The same, with a draft and what is wrong with it. */
export const redrafting = (work: AskWork, draft: string, findings: readonly string[]): AskWork => ({
  ...work,
  messages: [
    ...work.messages,
    { role: 'assistant', content: JSON.stringify({ plan: draft, notes: '' }) } satisfies Message,
    {
      role: 'user',
      content: `${section('What is wrong with this plan', findings.map((one) => `- ${one}`).join('\n'))}\n\nGive the whole plan again, with all of it mended and nothing else changed.`,
    },
  ],
});

/** A problem as whoever wrote the plan is told of it. */
export const findingOf = ({ line, path, message }: Problem): string =>
  `${line === undefined ? '' : `line ${line}, `}${path === '' ? '' : `\`${path}\`: `}${message}`;

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explain } from '../../core/explain/explain.js';
import { Failure } from '../../core/outcome/failure.js';
import { type Context, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { writeNew } from '../newFile.js';
import { clean, hang } from '../views/columns.js';
import { planView } from '../views/plan.js';
import { problemsView } from '../views/problems.js';

export interface DraftCommandOptions {
  readonly files?: readonly string[];
  readonly out?: string;
  readonly model?: string;
  readonly rounds?: number;
}

/** Asked where nobody says which. */
const MODEL = 'gpt-4.1';

/** `muster draft`: has a model write a plan, for a person to read; starts nothing. @returns the exit code */
export const draft = (
  question: string,
  { files = [], out, model = MODEL, rounds }: DraftCommandOptions,
  context: Context,
): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const { screen } = context;
    if (out !== undefined && existsSync(out))
      throw new Failure('InvalidInput', `\`${out}\` is there already. Name a new file.`);
    const { compiled, ...drafted } = await muster.draft(question, {
      ...{ files, folder: resolve('.'), model },
      ...(rounds !== undefined && { rounds }),
    });
    const { text, notes, problems, calls, broke } = drafted;
    const file = out ?? 'the draft';
    if (out !== undefined) writeNew(out, headed(text, notes));
    const explanation = compiled && explain(compiled.plan, compiled.graph);
    screen.object({
      ...drafted,
      ...(explanation && { explanation }),
      ...(out !== undefined && { file: out }),
    });
    screen.progress((look) => [
      ...(explanation
        ? planView({ file, explanation, warnings: problems }, look, screen.wishes.verbose)
        : problemsView(file, problems, look, { all: screen.wishes.verbose, not: 'started' })),
      '',
      ...(notes.trim() ? [...hang(' ', clean(notes).trim(), look.width), ''] : []),
      ...(broke ? hang(' ', `It was not mended any further: ${clean(broke)}`, look.width) : []),
      ` Written by ${model} in ${calls} ${calls === 1 ? 'call' : 'calls'}; nothing was started. Read it before you run it.`,
      ...(out === undefined ? [] : [` ${out}   ·   muster plan ${out}   ·   muster run ${out}`]),
    ]);
    if (out === undefined) screen.answer(() => headed(text, notes).trimEnd().split('\n').map(cleanLine));
    return compiled ? 0 : EXIT.invalidInput;
  });

/** What the model says of it stands above it, as comments, and as nothing else. */
const headed = (text: string, notes: string): string =>
  notes.trim() === ''
    ? text
    : `${notes
        .trim()
        .split(/\r\n|[\r\n\u0085\u2028\u2029]/)
        .map((line) => `# ${clean(line)}`.trimEnd())
        .join('\n')}\n${text}`;

/** As a terminal may show it; tabs stay. */
const cleanLine = (line: string): string => line.split('\t').map(clean).join('\t');

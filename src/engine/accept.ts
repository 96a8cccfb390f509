import type { Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { type Bindings, variables } from '../core/plan/bindings.js';
import { evaluate } from '../core/plan/cel.js';
import { findingOf } from '../core/plan/drafting.js';
import { parseOutput } from '../core/plan/parse.js';
import type { Accept, Brief } from '../core/plan/plan.js';
import type { RunWork } from '../core/plan/render.js';
import { validator } from '../core/plan/validate.js';
import type { Effect, Executor } from '../ports/executor.js';
import type { Accepting } from './accepting.js';
import { type Asking, findingOf as judgedBy } from './judge.js';

/** Findings that reach the next prompt. */
const MOST_FINDINGS = 10;

/** @throws Failure `OutputInvalid` where the text is not what the brief's `parse` says. */
export const outputOf = ({ output }: Effect, brief: Brief): Json =>
  'text' in output ? parseOutput(output.text, brief.parse) : output.value;

/**
 * Holds an output against what the brief asks of it: its schema first, then each condition in order.
 * @throws Failure `OutputInvalid` with the findings as its message; whatever an accepting command could not be run for, or
 * a judge not be asked.
 */
export async function accept(
  output: Json,
  given: Asking & {
    readonly brief: Brief;
    readonly bindings: Bindings;
    readonly run: Executor<RunWork>;
    readonly plans: Accepting['plans'];
    /** Where commands judge: the workspace of the try; else the plan's folder. */
    readonly folder?: string;
  },
): Promise<void> {
  const { brief, bindings, task } = given;
  checkSchema(output, brief, task.label);
  const scope = { ...variables(bindings), output };
  for (const [i, condition] of brief.accept.entries()) {
    if (condition.kind === 'command') await acceptByCommand(output, condition.argv, i, given);
    else if (condition.kind === 'judge') {
      const finding = await judgedBy(output, condition, `${task.key}-accept-${i}`, given);
      if (finding !== undefined) throw rejected(task.label, `is not accepted: ${finding.replace(/\.$/, '')}`);
    } else if (condition.kind === 'plan') {
      const problems = await given.plans(evaluate(condition.cel, scope));
      const wrong = problems.filter(({ severity }) => severity === 'error').map(findingOf);
      if (wrong.length > 0)
        throw rejected(task.label, `is not accepted, for its plan will not do: ${list(wrong)}`);
    } else if (evaluate(condition.cel, scope) !== true)
      throw rejected(task.label, `is not accepted: \`${condition.cel}\` is not true`);
  }
}

/** @throws Failure `OutputInvalid` where an output is not what the brief's `output` says. */
export function checkSchema(output: Json, { output: schema }: Brief, label: string): void {
  const wrong = schema ? validator(schema)(output) : [];
  if (wrong.length > 0) throw rejected(label, `does not fit its schema: ${list(wrong)}`);
}

async function acceptByCommand(
  output: Json,
  argv: Extract<Accept, { kind: 'command' }>['argv'],
  i: number,
  { plan, run, task, folder = plan.folder }: Parameters<typeof accept>[1],
): Promise<void> {
  const work: RunWork = {
    kind: 'run',
    argv,
    stdin: JSON.stringify(output),
    okExit: [0],
    ...(folder !== undefined && { cwd: folder }),
  };
  try {
    await run({ ...task, work, key: `${task.key}-accept-${i}` });
  } catch (error) {
    // A command that ran and said no leaves what it printed; one that could not be run leaves nothing.
    if (!(error instanceof Failure && error.type === 'CommandFailed' && error.detail.partial !== undefined))
      throw error;
    const said = String(error.detail.partial).trim();
    throw rejected(task.label, `is not accepted: ${(said || error.message).replace(/\.$/, '')}`);
  }
}

const list = (findings: readonly string[]): string =>
  findings.slice(0, MOST_FINDINGS).join('; ') +
  (findings.length > MOST_FINDINGS ? `; and ${findings.length - MOST_FINDINGS} more` : '');

const rejected = (label: string, why: string): Failure =>
  new Failure('OutputInvalid', `The output of ${label} ${why}.`);

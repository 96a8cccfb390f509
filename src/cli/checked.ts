import type { Sound } from '../client.js';
import type { Source } from '../core/plan/compile.js';
import type { Problem } from '../core/plan/problems.js';
import type { Context } from './context.js';
import type { Screen } from './screen.js';
import { type NotDone, problemsView } from './views/problems.js';

/** Compiles a plan; where it will not do, says why, and what was not done for it, and is undefined. */
export async function checked(
  { check, screen }: Context,
  source: Source,
  not: NotDone = 'started',
): Promise<Sound | undefined> {
  const compiled = await check(source);
  if (compiled.ok) return compiled;
  refuse(source.path ?? 'the plan', compiled.problems, not, screen);
  return undefined;
}

/** Says why a file will not do, and what was not done for it. */
export function refuse(file: string, problems: readonly Problem[], not: NotDone, screen: Screen): void {
  screen.progress((look) => problemsView(file, problems, look, { all: screen.wishes.verbose, not }));
  screen.object({
    error: { type: 'InvalidPlan', message: `${file}: nothing was ${not}` },
    problems,
  });
}

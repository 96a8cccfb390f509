import type { Sound } from '../client.js';
import type { Source } from '../core/plan/compile.js';
import type { Context } from './context.js';
import { type NotDone, problemsView } from './views/problems.js';

/** Compiles a plan; where it will not do, says why, and what was not done for it, and is undefined. */
export async function checked(
  { check, screen }: Context,
  source: Source,
  not: NotDone = 'started',
): Promise<Sound | undefined> {
  const compiled = await check(source);
  if (compiled.ok) return compiled;
  const file = source.path ?? 'the plan';
  screen.progress((look) => problemsView(file, compiled.problems, look, { all: screen.wishes.verbose, not }));
  screen.object({
    error: { type: 'InvalidPlan', message: `${file}: nothing was ${not}` },
    problems: compiled.problems,
  });
  return undefined;
}

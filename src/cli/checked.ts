import type { Sound } from '../client.js';
import type { Source } from '../core/plan/compile.js';
import type { Context } from './context.js';
import { problemsView } from './views/problems.js';

/** Compiles a plan; where it will not do, says why and is undefined. */
export async function checked({ check, screen }: Context, source: Source): Promise<Sound | undefined> {
  const compiled = await check(source);
  if (compiled.ok) return compiled;
  const file = source.path ?? 'the plan';
  screen.progress((look) => problemsView(file, compiled.problems, look, screen.wishes.verbose));
  screen.object({
    error: { type: 'InvalidPlan', message: `${file}: nothing was started` },
    problems: compiled.problems,
  });
  return undefined;
}

import { explain } from '../../core/explain/explain.js';
import { independence } from '../../core/explain/independence.js';
import { simulated } from '../../core/explain/simulation.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Plan } from '../../core/plan/plan.js';
import { checked } from '../checked.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit.js';
import { writeNew } from '../newFile.js';
import { type PlanOptions, planSource } from '../planFile.js';
import { pairsView, pairView } from '../views/pairs.js';
import { planView } from '../views/plan.js';
import { simulationView } from '../views/simulation.js';
import { scheduleSvg } from '../views/svg/schedule.js';
import { withConcurrency } from './run.js';

export interface PlanCommandOptions extends PlanOptions {
  readonly pairs?: boolean;
  readonly pair?: readonly string[];
  /** The dispatcher in virtual time. */
  readonly simulate?: boolean;
  readonly concurrency?: number;
  /** Durations are divided by it. */
  readonly speed?: number;
  /** A new file for the schedule as SVG. */
  readonly picture?: string;
}

/** `muster plan`: checks and explains; starts nothing, and needs no service. */
export async function plan(file: string, options: PlanCommandOptions, context: Context): Promise<number> {
  const { screen } = context;
  const compiled = await checked(context, planSource(file, options));
  if (!compiled) return EXIT.invalidInput;
  const { plan, graph, warnings } = withConcurrency(compiled, options.concurrency);
  if (options.pair) {
    const [a, b, more] = options.pair;
    if (a === undefined || b === undefined || more !== undefined)
      throw new Failure('InvalidInput', '--pair takes the ids of two briefs: --pair explore verdict');
    const pair = independence(plan)(a, b);
    screen.object(pair);
    screen.answer((look) => pairView(pair, look));
    return 0;
  }
  if (options.picture !== undefined && !options.simulate)
    throw new Failure('InvalidInput', '--picture draws what --simulate finds: give both.');
  if (options.simulate) {
    const simulation = simulated(plan, graph, options.speed);
    if (options.picture !== undefined) writeNew(options.picture, scheduleSvg(plan.name, simulation));
    screen.object({ name: plan.name, ...simulation });
    screen.answer((look) => [
      ...simulationView(plan.name, simulation, look, screen.wishes.verbose),
      ...(options.picture === undefined ? [] : ['', ` picture in ${options.picture}`]),
    ]);
    return 0;
  }
  const explanation = explain(plan, graph);
  if (options.pairs) {
    const { pairs, pairsLeftOut } = pairsOf(plan) ?? explanation;
    screen.object({ pairs, pairsLeftOut });
    screen.answer((look) => pairsView(pairs, pairsLeftOut, look));
    return 0;
  }
  screen.object({ ...explanation, warnings });

  screen.answer((look) => planView({ file, explanation, warnings }, look, screen.wishes.verbose));
  return 0;
}

/** Every pair of a small plan; of a larger one only those that share something are of interest. */
function pairsOf(plan: Plan) {
  const ids = plan.briefs.map(({ id }) => id);
  if (ids.length > 20) return undefined;
  const test = independence(plan);
  return { pairs: ids.flatMap((a, i) => ids.slice(i + 1).map((b) => test(a, b))), pairsLeftOut: false };
}

import type { Sound } from '../../client.js';
import { checked } from '../checked.js';
import type { Context, Session } from '../context.js';
import { EXIT } from '../exit.js';
import { type FinishOptions, finish } from '../finish.js';
import { follow } from '../follow.js';
import { type PlanOptions, planSource } from '../planFile.js';
import { goesOn } from '../views/farewell.js';
import { count } from '../views/quantities.js';

export interface StartOptions extends PlanOptions {
  readonly id?: string;
  readonly concurrency?: number;
  readonly functions?: string;
}
export interface RunOptions extends StartOptions, FinishOptions {
  readonly detach?: boolean;
}

/** `muster run`: brings up what is missing, starts, follows, and ends with the report. @returns the exit code */
export async function run(file: string, options: RunOptions, context: Context): Promise<number> {
  const started = await begin(file, options, context);
  return started ? attend(started, options, context) : EXIT.invalidInput;
}

export interface Started {
  readonly id: string;
  /** Of the plan. */
  readonly name: string;
  readonly session: Session;
}

/** Follows what was started to its report, or leaves it to itself; closes the session. @returns the exit code */
export async function attend(
  { id, session, name }: Started,
  options: FinishOptions & { readonly detach?: boolean },
  context: Context,
): Promise<number> {
  const { screen } = context;
  screen.event({ event: 'started', run: id, plan: name });
  try {
    if (!options.detach) {
      const last = await follow(id, { ...context, muster: session.muster, cancellable: true });
      if (last) return await finish(last, session, options, screen);
    } else screen.answer((look) => goesOn(name, id, false, look));
    screen.object({ run: id, status: 'running' });
    screen.event({ event: 'detached', run: id });
    return EXIT.detached;
  } finally {
    await session.close();
  }
}

/** `muster start`: as `run`, but leaves at once; standard output is the run's id. */
export async function start(file: string, options: StartOptions, context: Context): Promise<number> {
  const { screen } = context;
  const started = await begin(file, options, context);
  if (!started) return EXIT.invalidInput;
  await started.session.close();
  screen.object({ run: started.id });
  screen.answer(() => [started.id]);
  return 0;
}

async function begin(file: string, options: StartOptions, context: Context): Promise<Started | undefined> {
  const { screen } = context;
  const compiled = await checked(context, planSource(file, options));
  if (!compiled) return undefined;
  const { plan } = compiled;
  mentionWarnings(compiled, file, screen);
  const { functions } = options;
  // What talks to the server is loaded while that starts.
  const [, session] = await Promise.all([context.bringUp({ functions }), context.open({ functions })]);
  try {
    const { id } = await session.muster.start(
      withConcurrency(compiled, options.concurrency),
      options.id === undefined ? {} : { id: options.id },
    );
    return { id, name: plan.name, session };
  } catch (error) {
    await session.close();
    throw error;
  }
}

export function mentionWarnings({ warnings }: Sound, file: string, screen: Context['screen']): void {
  if (warnings.length > 0)
    screen.progress(({ paint }) => [
      `${paint.yellow(count(warnings.length, 'warning'))}, shown by: muster plan ${file}`,
    ]);
}

export function withConcurrency(compiled: Sound, concurrency: number | undefined): Sound {
  if (concurrency === undefined) return compiled;
  const { plan, graph } = compiled;
  const { source, limits } = plan;
  return {
    ...compiled,
    plan: {
      ...{ ...plan, limits: { ...limits, concurrency } },
      ...(source && { source: { ...source, concurrency } }),
    },
    graph: { ...graph, concurrency },
  };
}

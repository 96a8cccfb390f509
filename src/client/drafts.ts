import { sha256 } from '../adapters/digest.js';
import { functionNames } from '../adapters/executors/call.js';
import { checkPolicy } from '../adapters/executors/checkPolicy.js';
import { type ExecutorConfig, executors } from '../adapters/executors/compose.js';
import { OPEN_POLICY, type Policy } from '../adapters/executors/policy.js';
import { isSetUp, NO_PROVIDER } from '../adapters/executors/provider.js';
import { surroundings } from '../adapters/folder.js';
import { ownRole } from '../adapters/roles.js';
import { explain } from '../core/explain/explain.js';
import { totalUsage } from '../core/integrate/usage.js';
import { Failure } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/usage.js';
import { DRAFTED, drafting, findingOf, redrafting, type Wanted } from '../core/plan/drafting.js';
import { type Problem, Problems } from '../core/plan/problems.js';
import type { AskWork } from '../core/plan/render.js';
import { readRole } from '../core/plan/role.js';
import { validator } from '../core/plan/validate.js';
import type { Around } from './around.js';
import type { Drafted, DraftOptions, Muster, MusterOptions, Sound } from './surface.js';

const ROUNDS = 3;

interface Judged {
  readonly problems: readonly Problem[];
  readonly compiled?: Sound;
  /** What goes back to the model. */
  readonly findings: readonly string[];
}

type Round = Judged & Pick<Drafted, 'text' | 'notes'>;

/** One that compiles before one that does not, then whichever has less to be said against it. */
const isAsGood = (one: Round, other: Round): boolean =>
  (one.compiled !== undefined) === (other.compiled !== undefined)
    ? one.findings.length <= other.findings.length
    : one.compiled !== undefined;

type Means = Pick<Around, 'check'> &
  Required<Pick<MusterOptions, 'env' | 'policy'>> &
  Pick<MusterOptions, 'model' | 'functions'>;

/** See {@link Muster.draft}. What it takes is loaded with the first draft. */
export async function draft(
  { check, env, policy: given, ...asking }: Means,
  question: string,
  { files = [], folder, model, rounds = ROUNDS }: DraftOptions,
): Promise<Drafted> {
  if (!isSetUp(asking.model ?? {})) throw new Failure('InvalidInput', `${NO_PROVIDER}.`);
  const policy: Policy = { ...OPEN_POLICY, ...given };
  const { ask, digest, planner, filesIn, functions, refused } = await means(
    { model: {}, ...asking, policy, env },
    policy,
  );
  const wanted: Wanted = {
    question,
    files: await Promise.all(
      files.map(async (glob) => ({
        glob,
        found: (await filesIn(glob, folder)).map(({ path, bytes }) => ({ path, size: bytes.length })),
      })),
    ),
    may: { commands: policy.inlineCommands, functions },
  };
  const none = wanted.files.find(({ found }) => found.length === 0);
  if (none) throw new Failure('InvalidInput', `No file matches \`${none.glob}\` in ${folder}.`);
  const usages: (Usage | undefined)[] = [];
  const first = drafting(planner, wanted, model, digest);
  let work = first;
  let best: Round | undefined;
  let broke: Failure | undefined;
  let calls = 0;
  for (let round = 0; round <= rounds; round++) {
    calls++;
    const said = await asked(work).catch((error: unknown) => {
      // A draft that there is is worth more than why there is no better one.
      if (!best || !(error instanceof Failure)) throw error;
      return error;
    });
    if (said instanceof Failure) {
      broke = said;
      usages.push(said.detail.usage);
      break;
    }
    usages.push(said.usage);
    const { text, notes } = said;
    const now: Round = { text, notes, ...(await judged(text, round)) };
    if (!best || isAsGood(now, best)) best = now;
    if (now.findings.length === 0) break;
    work = redrafting(first, text, now.findings);
  }
  const { findings: _, ...written } = best!;
  const sum = totalUsage(usages);
  return { ...written, calls, ...(sum && { usage: sum }), ...(broke && { broke: broke.message }) };

  async function asked(work: AskWork) {
    const { output, usage } = await ask(work);
    const value = 'value' in output ? output.value : output.text;
    const wrong = validator(DRAFTED)(value);
    if (wrong.length > 0)
      throw new Failure(
        'OutputInvalid',
        `The answer of ${model} is no plan: ${wrong[0]}. Try again, or another model.`,
      );
    const { plan: text, notes } = value as { readonly plan: string; readonly notes: string };
    return { text: text.endsWith('\n') ? text : `${text}\n`, notes, usage };
  }

  async function judged(text: string, round: number): Promise<Judged> {
    const compiled = await check({ text, folder });
    if (!compiled.ok) return { problems: compiled.problems, findings: compiled.problems.map(findingOf) };
    const forbidden = refused(compiled.plan);
    const problems = [...forbidden, ...compiled.warnings];
    const { worth } = explain(compiled.plan, compiled.graph);
    const hardly = worth.answer === 'no' && compiled.plan.briefs.length > 1 && round === 0;
    const findings = [
      ...problems.map(findingOf),
      ...(hardly
        ? [`To go side by side is not worth it: ${worth.because} Make it fewer briefs, or one.`]
        : []),
    ];
    return { problems, findings, ...(forbidden.length === 0 && { compiled }) };
  }
}

/** What drafting takes. */
async function means(config: ExecutorConfig, policy: Policy) {
  const functions = config.functions === undefined ? [] : await functionNames(config.functions);
  const { prompt } = readRole((await ownRole('planner'))!, 'planner', new Problems())!;
  const carriers = executors(config);
  return {
    digest: sha256,
    planner: prompt,
    filesIn: surroundings(config.env.PATH).glob,
    functions,
    // A plan that a model wrote is one that came without a file.
    refused: (plan: Sound['plan']) => checkPolicy(plan, policy, { inline: true, functions }),
    async ask(work: AskWork) {
      const { signal } = new AbortController();
      try {
        return await carriers.ask({
          ...{ work, label: 'the draft', key: sha256(JSON.stringify(work)), try: 1, signal },
          progress: () => undefined,
        });
      } finally {
        await carriers.close();
      }
    },
  };
}

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { systemClock } from '../adapters/clock.js';
import { sha256 } from '../adapters/digest.js';
import { OPEN_POLICY } from '../adapters/executors/policy.js';
import { depotsFor } from '../adapters/git/depotsFor.js';
import type { RunResult } from '../contracts/run.js';
import type { Report } from '../core/integrate/report.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { listed } from '../core/plan/problems.js';
import type { CompiledRules, RulesDocument } from '../core/plan/rules.js';
import type { PlanDocument } from '../core/plan/schema.js';
import type { Source } from '../core/plan/surroundings.js';
import type { IntegrateEffects } from '../engine/answerTo.js';
import { readBlob } from '../engine/artifacts.js';
import { type KnownTrees, withMergedTree } from '../engine/mergedTree.js';
import { loadPlan } from '../engine/plans.js';
import { findRun, listRuns, type RunEntry } from '../engine/runIndex.js';
import { using } from '../engine/starts.js';
import type { Around } from './around.js';
import type { Muster, MusterOptions, RunReport, SoundRules } from './surface.js';

/** What runs came to: their reports, and the files in them. */
export function reportsOn({
  store,
  service,
  known,
  env,
  policy,
  workspaces,
  ...asking
}: Omit<Around, 'check'> &
  Required<Pick<MusterOptions, 'env' | 'policy'>> &
  Pick<MusterOptions, 'workspaces' | 'model' | 'functions'>): Pick<
  Muster,
  'result' | 'salvage' | 'checkRules' | 'integrate' | 'apart' | 'tables' | 'files' | 'filesPatch'
> {
  const withDepots = depotsFor(workspaces, env.PATH);

  /** Whether the service says so; unknown is no. */
  async function isOver(id: string): Promise<boolean> {
    const described = await service()
      .then((runs) => runs.describe(id))
      .catch(() => undefined);
    return described !== undefined && !described.open;
  }

  async function report(entry: RunEntry, { report }: Pick<RunResult, 'report'>): Promise<RunReport> {
    const text = async (digest: string) => new TextDecoder().decode(await readBlob(store, digest));
    const json = await text(report.json);
    const markdown = await text(report.markdown);
    const html = report.html === undefined ? {} : { html: await text(report.html) };
    return { entry, report: JSON.parse(json) as Report, json, markdown, ...html };
  }

  async function merged<T>(given: string, work: (known: KnownTrees) => Promise<T>): Promise<T> {
    const entry = await known(given);
    if (!entry.closed)
      throw new Failure(
        'InvalidInput',
        `${entry.id} has no report yet. Wait for it: muster watch ${entry.id}`,
      );
    const { report: found } = await report(entry, entry.closed);
    return withDepots((depots) => withMergedTree({ store, depots }, found, work));
  }

  /** Of a run that is over, what was within it as well: nobody else closes those. */
  async function salvage(entry: RunEntry): Promise<RunReport> {
    const input = { run: { id: entry.id, first: entry.first }, plan: entry.plan, now: Date.now() };
    const over = await isOver(entry.id);
    const parts = over ? (await listRuns(store)).filter(({ partOf }) => partOf?.first === entry.first) : [];
    for (const part of parts) if (!part.closed) await salvage(part);
    const { integrateRun } = await import('../engine/integrateRun.js');
    const result = await integrating(entry, { what: 'salvage', at: input.now }, (effects) =>
      integrateRun({ ...input, over }, effects),
    );
    return report((await findRun(store, entry.id)) ?? entry, result);
  }

  /** Checking an answer takes much that reading one does not. */
  async function integrating<T>(
    entry: RunEntry,
    work: { readonly what: string; readonly at: number },
    integrate: (effects: IntegrateEffects) => Promise<T>,
  ): Promise<T> {
    const [{ executors }, { functionsDigest }, { fileScratch }] = await Promise.all([
      import('../adapters/executors/compose.js'),
      import('../adapters/functionsDigest.js'),
      import('../adapters/scratch.js'),
    ]);
    const { functions } = asking;
    const nonce = randomBytes(4).toString('hex');
    const carriers = executors({ model: {}, ...asking, policy: { ...OPEN_POLICY, ...policy }, env });
    const scratch = fileScratch(workspaces ?? tmpdir());
    const effects = {
      ...{ store, digest: sha256, clock: systemClock, executors: carriers, scratch },
      signal: new AbortController().signal,
      ...(functions !== undefined && { functions: functionsDigest(functions) }),
    };
    return using(store, entry, { ...work, nonce }, () =>
      withDepots((depots) => integrate({ ...effects, depots })),
    ).finally(() => {
      scratch.close();
      return carriers.close();
    });
  }

  /** @throws Failure `InvalidInput` where the run has none */
  async function reported(given: string): Promise<RunReport> {
    const entry = await known(given);
    if (entry.closed) return report(entry, entry.closed);
    const { id } = entry;
    throw new Failure(
      'InvalidInput',
      (await isOver(id))
        ? `${id} ended without a report. Make one of what it left, and integrate that: muster result ${id} --salvage --integrate FILE`
        : `${id} has no report yet. Wait for it (muster watch ${id}) or cancel it (muster cancel ${id}): both give one.`,
    );
  }

  async function checkRules(given: string | RunReport, source: Source): Promise<CompiledRules> {
    const own = typeof given === 'string' ? await reported(given) : given;
    const [{ compileRules }, { surroundings }, { refusedRules }] = await Promise.all([
      import('../core/plan/rules.js'),
      import('../adapters/folder.js'),
      import('./refusedRules.js'),
    ]);
    const { plan } = await loadPlan(store, own.report.run.plan);
    const compiled = await compileRules(source, plan, surroundings(env.PATH));
    if (!compiled.ok) return compiled;
    const problems = await refusedRules(compiled.plan, { policy, ...asking });
    return problems.length > 0 ? { ok: false, problems } : compiled;
  }

  async function soundRules(
    own: RunReport,
    rules: RulesDocument | PlanDocument | SoundRules,
  ): Promise<SoundRules> {
    if ('ok' in rules) return rules;
    const compiled = await checkRules(own, { document: rules as unknown as JsonObject });
    if (compiled.ok) return compiled;
    throw new Failure('InvalidPlan', listed(compiled.problems));
  }

  return {
    async result(given) {
      const entry = await findRun(store, given);
      return entry?.closed && report(entry, entry.closed);
    },
    salvage: async (given) => salvage(await known(given)),
    checkRules,
    async integrate(given, rules) {
      const own = typeof given === 'string' ? await reported(given) : given;
      const { entry } = own;
      const { plan, file } = await soundRules(own, rules);
      const input = { run: { id: entry.id, first: entry.first }, report: own.report, plan };
      const { integrateAgain } = await import('../engine/integrateAgain.js');
      const result = await integrating(entry, { what: 'integration', at: Date.now() }, (effects) =>
        integrateAgain({ ...input, ...(file !== undefined && { file }) }, effects),
      );
      return report(entry, result);
    },
    async tables({ report: { answer, run } }, how) {
      const [{ tablesOf }, { wholeAnswer }] = await Promise.all([
        import('../core/integrate/table.js'),
        import('../engine/setApart.js'),
      ]);
      const { plan } = await loadPlan(store, (run.integrated ?? run).plan);
      return tablesOf(await wholeAnswer(store, answer), plan, how);
    },
    async apart({ report: { answer } }, folder) {
      const [{ writeWhole }, { wholeLists }] = await Promise.all([
        import('../adapters/apartFiles.js'),
        import('../engine/setApart.js'),
      ]);
      await writeWhole(folder, wholeLists(store, answer));
    },
    files: (given, folder) => merged(given, ({ depot, merged }) => depot.write(merged, folder)),
    filesPatch: (given) => merged(given, ({ depot, base, merged }) => depot.patch(base, merged)),
  };
}

import { randomBytes } from 'node:crypto';
import { sha256 } from '../adapters/digest.js';
import { OPEN_POLICY } from '../adapters/executors/policy.js';
import { depotsFor } from '../adapters/git/depotsFor.js';
import type { RunResult } from '../contracts/run.js';
import type { Report } from '../core/integrate/report.js';
import { Failure } from '../core/outcome/failure.js';
import { readBlob } from '../engine/artifacts.js';
import { type KnownTrees, withMergedTree } from '../engine/mergedTree.js';
import { findRun, listRuns, type RunEntry } from '../engine/runIndex.js';
import { using } from '../engine/starts.js';
import type { Around } from './around.js';
import type { Muster, MusterOptions, RunReport } from './surface.js';

/** What runs came to: their reports, and the files in them. */
export function reportsOn({
  store,
  service,
  known,
  env,
  policy,
  workspaces,
}: Omit<Around, 'check'> &
  Required<Pick<MusterOptions, 'env' | 'policy'>> &
  Pick<MusterOptions, 'workspaces'>): Pick<Muster, 'result' | 'salvage' | 'files' | 'filesPatch'> {
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
    return { entry, report: JSON.parse(json) as Report, json, markdown: await text(report.markdown) };
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
    // Checking an answer takes much that reading one does not.
    const [{ integrateRun }, { runExecutor }] = await Promise.all([
      import('../engine/integrateRun.js'),
      import('../adapters/executors/run.js'),
    ]);
    const nonce = randomBytes(4).toString('hex');
    return using(store, entry, { what: 'salvage', at: input.now, nonce }, async () => {
      const result = await withDepots((depots) =>
        integrateRun(
          { ...input, over },
          {
            store,
            digest: sha256,
            depots,
            verify: runExecutor({ policy: { ...OPEN_POLICY, ...policy }, env }),
            signal: new AbortController().signal,
          },
        ),
      );
      return report((await findRun(store, entry.id)) ?? entry, result);
    });
  }

  return {
    async result(given) {
      const entry = await findRun(store, given);
      return entry?.closed && report(entry, entry.closed);
    },
    salvage: async (given) => salvage(await known(given)),
    files: (given, folder) => merged(given, ({ depot, merged }) => depot.write(merged, folder)),
    filesPatch: (given) => merged(given, ({ depot, base, merged }) => depot.patch(base, merged)),
  };
}

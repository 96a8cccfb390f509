import { labelOf } from '../../../src/core/integrate/expected.js';
import type { Answer } from '../../../src/core/integrate/report.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { RunStatus } from '../../../src/core/outcome/outcome.js';
import { integrateRun } from '../../../src/engine/integrateRun.js';
import { readReport } from '../../support/report.js';
import { effects, OPENED, RUN, recordRun, textOf } from '../recordedRun.js';
import type { Survey } from './random.js';
import type { Tampered } from './survey.js';

/** How a run ended, and what its report finds wrong, each as one text. */
export interface Seen {
  /** `refused`: there is no report, for the log cannot be read. */
  readonly status: RunStatus | 'refused';
  readonly findings: readonly string[];
}

export async function seen(
  { vendors, plan: text, files, ends }: Survey,
  mutated: Tampered = {},
): Promise<Seen> {
  const keys = mutated.keys ?? vendors;
  const all = Object.fromEntries(
    Object.entries({ ...ends, ...mutated.ends }).flatMap(([label, end]) => (end ? [[label, end]] : [])),
  );
  const recorded = await recordRun(text, all, {
    files,
    params: { vendors: [...vendors] },
    keys: { dig: keys },
  });
  const { plan } = recorded;
  const { store: tampered } = mutated;
  const store = tampered
    ? {
        ...recorded.store,
        read: async (name: string) => tampered(name, await recorded.store.read(name)),
      }
    : recorded.store;
  const note = { reason: 'completed', units: 'dsss', fans: { '0': 's'.repeat(keys.length) } } as const;
  try {
    const { status, report } = await integrateRun(
      { run: RUN, plan, note, now: OPENED + 9_000 },
      effects(store),
    );
    return { status, findings: findingsIn(readReport(await textOf(store, report.json)).answer) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { status: 'refused', findings: [error.message] };
  }
}

function findingsIn({ requirements, missing, conflicts, duplicates }: Answer): readonly string[] {
  const unmet = requirements.filter(({ status }) => status === 'missing' || status === 'contradicted');
  return [
    ...unmet.map(({ evidence, at = [], wouldHaveComeFrom = [], unsupported = [] }) =>
      [evidence, ...at, ...wouldHaveComeFrom, ...unsupported.map((one) => JSON.stringify(one))].join(' '),
    ),
    ...missing.map((hole) => `${labelOf(hole)} ${hole.why}`),
    ...conflicts.filter(({ rule }) => rule === 'fail').map((one) => JSON.stringify(one)),
    // What was said twice is a finding only where a count says that it should not have been.
    ...(unmet.length > 0 ? duplicates.map((one) => JSON.stringify(one)) : []),
  ];
}

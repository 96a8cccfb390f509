import type { SubRunEnd } from '../contracts/unit.js';
import { labelOf } from '../core/integrate/expected.js';
import type { Report } from '../core/integrate/report.js';
import { listed } from '../core/integrate/words.js';
import { Failure } from '../core/outcome/failure.js';
import { MAX_INSTANCES } from '../core/plan/plan.js';
import type { Executor } from '../ports/executor.js';
import { readBlob } from './artifacts.js';
import { failed, leave, partly, refused, stopped, succeeded } from './endings.js';
import type { Ended } from './lease.js';
import { makeTry } from './makeTry.js';
import type { Prepared } from './prepare.js';
import { wholeAnswer } from './setApart.js';
import type { Unit } from './unit.js';

/**
 * Takes what the run within a brief came to for what the brief did: judged by what is asked of its output, and recorded.
 * @throws Failure `StoreUnavailable`, `Superseded`
 */
export async function endWithin(
  unit: Unit,
  { bindings }: Prepared,
  work: NonNullable<Prepared['work']>,
  within: SubRunEnd,
): Promise<Ended> {
  const { lease, log, label } = unit;
  const under = { number: log.state.tries + 1, started: within.since };
  if (within.status === 'refused') return refused(unit, { ...under, number: 0 }, tooMany(label));
  const report = within.report === undefined ? undefined : await reportAt(within.report, unit);
  const tried = await makeTry(unit, {
    ...under,
    bindings,
    work: work.plain,
    key: within.id,
    executor: answering(within, report),
  });
  const { failure } = tried;
  if (lease.signal.aborted) return leave(unit, under, tried);
  if (failure?.type === 'Cancelled') return stopped(unit, under, failure, tried);
  if (failure) return failed(unit, under, failure, tried);
  if (within.status === 'partial') return partly(unit, under, onlyPart(within, label, report!), tried);
  return succeeded(unit, under, tried, {});
}

async function reportAt(digest: string, { effects }: Unit): Promise<Report> {
  const { store } = effects;
  const report = JSON.parse(new TextDecoder().decode(await readBlob(store, digest))) as Report;
  return { ...report, answer: await wholeAnswer(store, report.answer) };
}

/** The run within it is over: what it came to is the effect. */
const answering =
  ({ id, status, why }: SubRunEnd, report: Report | undefined): Executor =>
  async ({ label }) => {
    const { usage } = report?.run ?? {};
    const left = { ...(report && { partial: report.answer.data }), ...(usage && { usage }) };
    if (status === 'cancelled')
      throw new Failure('Cancelled', `${label} was cancelled, and with it the run ${id}.`, left);
    if (!report)
      throw new Failure(
        'SubRunFailed',
        `The run within ${label}, ${id}, left no report. ${why ?? ''}`.trim(),
      );
    if (status === 'failed')
      throw new Failure(
        'SubRunFailed',
        `The run within ${label} failed: ${lacking(report)}. See it: muster result ${id}`,
        left,
      );
    return { output: { value: report.answer.data }, ...(usage && { usage }) };
  };

const onlyPart = ({ id }: SubRunEnd, label: string, report: Report): Failure =>
  new Failure(
    'SubRunFailed',
    `The run within ${label} came to a part: ${lacking(report)}. See it: muster result ${id}`,
  );

function lacking({ answer: { missing, requirements, verified } }: Report): string {
  const unmet = requirements.filter(({ status }) => status === 'missing' || status === 'contradicted');
  const said = [
    missing.length > 0
      ? `nothing from ${listed(missing.map((hole) => `${labelOf(hole)} (${hole.status})`))}`
      : '',
    unmet.length > 0 ? `not met ${listed(unmet.map(({ id }) => id))}` : '',
    verified?.holds === false ? 'its verification does not hold' : '',
  ].filter(Boolean);
  return said.join('; ') || 'its answer is not whole';
}

const tooMany = (label: string): Failure =>
  new Failure(
    'InvalidInput',
    `The plan of ${label} would bring the run, with all runs within it, over ${MAX_INSTANCES.toLocaleString('en')} briefs, so nothing of it was begun. Split the question.`,
  );

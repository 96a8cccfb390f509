import type { ToRepair } from '../contracts/run.js';
import type { Coverage } from '../core/integrate/checks/finding.js';
import { expectedOf, type LedgerInput } from '../core/integrate/expected.js';
import { sentBackOf } from '../core/integrate/repair.js';
import type { Draft } from '../core/integrate/report.js';
import type { Plan } from '../core/plan/plan.js';
import type { ClosingNote } from '../core/schedule/closing.js';
import type { Interview } from './interview.js';

/** Of requirements: those that no model judges. */
export function isFoundByCode({ requirements }: Plan): (coverage: { readonly id: string }) => boolean {
  const judged = new Set(requirements.flatMap(({ id, check }) => (check?.kind === 'judge' ? [id] : [])));
  return ({ id }) => !judged.has(id);
}

/** What is found of a draft, and who was asked for it. */
export interface Mending {
  readonly draft: Draft;
  readonly requirements: readonly Coverage[];
  readonly interview: Interview;
}

/** What goes back to briefs before there is a result; undefined where nothing does, or no round is left. */
export async function toRepair(
  { note, repairs }: { readonly note?: ClosingNote; readonly repairs?: number },
  { draft, requirements, interview, expansions }: Mending & Pick<LedgerInput, 'expansions'>,
): Promise<ToRepair | undefined> {
  const { plan } = draft;
  if (repairs === undefined || note?.reason !== 'completed' || repairs >= (plan.integrate.repairs ?? 0))
    return undefined;
  const found = sentBackOf(draft, requirements, expectedOf(plan, expansions), note);
  if (found.length === 0) return undefined;
  const sent = await interview.sendBack(repairs + 1, found);
  return { sentBack: sent.map(({ u, k }) => ({ u, ...(k !== undefined && { k }) })) };
}

import type { PatchResult } from '../../client.js';
import { clean, hang, pad, widest } from './columns.js';
import type { Look } from './look.js';

/** What a patch changes, a line each, and whether it does. */
export function patchView(
  run: string,
  { added, changed, removed, plan, begun }: PatchResult,
  { dryRun }: { readonly dryRun: boolean },
  look: Look,
): string[] {
  const rows = [
    ...changed.map(({ id, keys }) => ['changed', id, keys.join(', ')] as const),
    ...added.map((id) => ['added', id, ''] as const),
    ...removed.map((id) => ['taken out', id, ''] as const),
    ...(plan.length > 0 ? [['plan', plan.join(', '), ''] as const] : []),
  ];
  if (rows.length === 0) return [`${clean(run)} goes by that plan already.`];
  const ids = widest(
    rows.map(([, id]) => id),
    Math.floor(look.width / 2),
  );
  return [
    headOf(run, begun, dryRun),
    ...rows.flatMap(([what, id, keys]) =>
      hang(` ${pad(what, 9)}  ${pad(clean(id), ids)}  `, clean(keys), look.width).map((line) =>
        line.trimEnd(),
      ),
    ),
  ];
}

function headOf(run: string, begun: readonly string[], dryRun: boolean): string {
  if (!dryRun) return `${clean(run)} goes on by this plan.   muster watch ${run}`;
  if (begun.length === 0) return `As things stand, ${clean(run)} would go on by this plan:`;
  return clean(refusalOf(run, begun));
}

export const refusalOf = (run: string, begun: readonly string[]): string =>
  `As things stand, this would be refused: ${begun.join(', ')} of ${run} ${begun.length > 1 ? 'have' : 'has'} begun or ended.`;

import { clean, cut } from './columns.js';
import type { Look } from './look.js';

/** What a person reads who leaves a run to itself. */
export function goesOn(name: string, id: string, mayCancel: boolean, { paint, width }: Look): string[] {
  const run = clean(id);
  return [
    `${cut(name, width - 40)} ${paint.bold(run)} goes on without you.`,
    `  muster watch ${run}   ·   muster cancel ${run}`,
    ...(mayCancel ? [paint.dim('  ctrl-C again within 3 s cancels it')] : []),
  ];
}

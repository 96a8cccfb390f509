import { clean } from './columns.js';
import type { Look } from './look.js';

/** What a person reads who leaves a run to itself. */
export function goesOn(name: string | undefined, id: string, mayCancel: boolean, { paint }: Look): string[] {
  const run = clean(id);
  return [
    `${clean(name ?? '')} ${paint.bold(run)} goes on without you.   muster watch ${run}   ·   muster cancel ${run}`.trimStart(),
    ...(mayCancel ? [paint.dim('ctrl-C again within 3 s cancels it')] : []),
  ];
}

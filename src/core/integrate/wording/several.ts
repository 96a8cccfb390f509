import type { Variants, Views } from '../../outcome/several.js';
import { labelOf } from '../expected.js';
import type { Answer } from '../report.js';
import { counted } from '../words.js';
import type { Ink } from './ink.js';

type Row = Answer['ledger'][number];
type Of<S> = Row & { readonly several: S };

/** Briefs whose output came of several samples that were not voted on. */
export const ofSeveral = ({ ledger }: Answer): readonly Row[] => ledger.filter((row) => row.several);

/** What came of the samples of one brief. */
export function severalInWords<T>(row: Row, ink: Ink<T>): T {
  return row.several!.kind === 'views' ? views(row as Of<Views>, ink) : variants(row as Of<Variants>, ink);
}

/** `verdict, from 3 viewpoints: skeptic says …; optimist says …. What is delivered brings them together.` */
function views<T>({ several, ...row }: Of<Views>, { say, brief, prose, shown, joined }: Ink<T>): T {
  const said = several.views.map(({ name, value, reason }) =>
    value === undefined
      ? say`${prose(name)} could not be used${reason ? say` (${prose(reason)})` : ''}`
      : say`${prose(name)} says ${shown(value)}`,
  );
  return say`${brief(labelOf(row))}, from ${counted(several.views.length, 'viewpoint')}: ${joined(said, '; ')}. What is delivered brings them together.`;
}

/** `headlines: 5 variants, ranked by judge-1; the 4th says nearly the same as the 2nd.` By their place in the output. */
function variants<T>({ several, ...row }: Of<Variants>, { say, brief, code, joined }: Ink<T>): T {
  const { samples, order, near, rankedBy } = several;
  const place = (n: number) => `number ${order.indexOf(n) + 1}`;
  const notes = near.map(({ n, as }) => say`${place(n)} says nearly the same as ${place(as)}`);
  const ranked = rankedBy === undefined ? say`in no order of merit` : say`ranked by ${code(rankedBy)}`;
  return say`${brief(labelOf(row))}: ${counted(samples, 'variant')}, ${joined([ranked, ...notes], '; ')}.`;
}

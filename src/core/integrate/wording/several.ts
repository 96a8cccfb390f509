import type { Variants, Views } from '../../outcome/several.js';
import { labelOf } from '../expected.js';
import type { Answer } from '../report.js';
import { counted } from '../words.js';
import type { Ink } from './ink.js';

type Row = Answer['ledger'][number];
type Of<S> = Row & { readonly several: S };

/** Briefs whose output came of several samples that were not voted on. */
export const ofSeveral = ({ ledger }: Answer): readonly Row[] => ledger.filter((row) => row.several);

interface Told<T> {
  readonly says: T;
  /** What was said from each viewpoint. */
  readonly views: readonly T[];
}

/** What came of the samples of one brief. */
export const severalInWords = <T>(row: Row, ink: Ink<T>): Told<T> =>
  row.several!.kind === 'views'
    ? views(row as Of<Views>, ink)
    : { says: variants(row as Of<Variants>, ink), views: [] };

/** `verdict, from 3 viewpoints, which what is delivered brings together:` with `skeptic: …`, `optimist: …` */
function views<T>({ several, ...row }: Of<Views>, { say, brief, prose, shown, strong }: Ink<T>): Told<T> {
  return {
    says: say`${brief(labelOf(row))}, from ${counted(several.views.length, 'viewpoint')}, which what is delivered brings together:`,
    views: several.views.map(({ name, value, reason }) =>
      value === undefined
        ? say`${strong(prose(name))} could not be used${reason ? say` (${prose(reason)})` : ''}`
        : say`${strong(prose(name))}: ${shown(value)}`,
    ),
  };
}

/** `headlines: 5 variants, ranked by judge-1; the 4th says nearly the same as the 2nd.` By their place in the output. */
function variants<T>({ several, ...row }: Of<Variants>, { say, brief, code, joined }: Ink<T>): T {
  const { samples, order, near, rankedBy } = several;
  const place = (n: number) => `number ${order.indexOf(n) + 1}`;
  const notes = near.map(({ n, as }) => say`${place(n)} says nearly the same as ${place(as)}`);
  const ranked = rankedBy === undefined ? say`in no order of merit` : say`ranked by ${code(rankedBy)}`;
  return say`${brief(labelOf(row))}: ${counted(samples, 'variant')}, ${joined([ranked, ...notes], '; ')}.`;
}

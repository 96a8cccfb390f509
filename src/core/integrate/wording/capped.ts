import type { Marks } from './marks.js';

/** The first `most`, and a sentence that says what is left out and where it is. */
export function capped<I, T>(
  all: readonly I[],
  most: number,
  where: string,
  { code, say }: Marks<T>,
): { readonly shown: readonly I[]; readonly rest?: T } {
  const more = all.length - most;
  if (more <= 0) return { shown: all };
  return {
    shown: all.slice(0, most),
    rest: say`… and ${more.toLocaleString('en-US')} more in ${code('report.json')}, under ${code(where)}.`,
  };
}

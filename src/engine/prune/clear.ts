import type { RunEntry } from '../runIndex.js';
import type { Seen } from './see.js';

/** Of a run that was removed, but for what lies outside the store. */
export interface Uncleared {
  readonly id: string;
  readonly problem: string;
}

/** What lies outside the store goes by id, so it stays where another run has that. */
export async function clearAll(
  going: readonly Pick<RunEntry, 'id' | 'first'>[],
  { entries }: Pick<Seen, 'entries'>,
  clear: (run: Pick<RunEntry, 'id'>) => Promise<void>,
): Promise<readonly Uncleared[]> {
  const firsts = new Set(going.map(({ first }) => first));
  const staying = new Set(entries.flatMap(({ id, first }) => (firsts.has(first) ? [] : id)));
  const all = going.map(async ({ id }): Promise<readonly Uncleared[]> => {
    if (staying.has(id)) return [];
    try {
      await clear({ id });
      return [];
    } catch (error) {
      return [{ id, problem: (error as Error).message }];
    }
  });
  return (await Promise.all(all)).flat();
}

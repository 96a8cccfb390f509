import { GIVING } from '../outcome/outcome.js';
import type { LedgerRow } from './ledger.js';
import { tallyOf } from './words.js';

/** A model, and how many briefs of a run have their result from it. */
export interface Answering {
  /** As its endpoint named it. */
  readonly model: string;
  readonly briefs: number;
  /** It calls itself a stand-in: a name that begins with `simulated` is what makes an answer count as one. */
  readonly simulated?: true;
}

/** Most briefs first. Who answered a try that came to nothing is not among them. */
export function modelsOf(ledger: readonly LedgerRow[]): readonly Answering[] {
  const named = ledger.flatMap(({ status, model, voted, several }) => {
    if (!GIVING.has(status)) return [];
    return voted?.models ?? several?.models ?? (model === undefined ? [] : [model]);
  });
  return [...tallyOf(named)].map(([model, briefs]) => ({
    model,
    briefs,
    ...(isSimulated(model) && { simulated: true }),
  }));
}

export const isSimulated = (model: string): boolean => /^simulated/i.test(model);

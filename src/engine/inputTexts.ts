import { readsInputs } from '../core/integrate/citable.js';
import type { Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import { blobName, decodeValue } from './artifacts.js';

/**
 * Texts of the plan's input files by digest, where a requirement holds what was said against them; what the store holds no
 * longer is left out.
 * @throws Failure `StoreUnavailable` where the store does not answer.
 */
export async function inputTexts(store: Store, plan: Plan): Promise<ReadonlyMap<string, string> | undefined> {
  if (!readsInputs(plan)) return undefined;
  const digests = new Set(Object.values(plan.inputs).flatMap((files) => files.map(({ digest }) => digest)));
  const texts = new Map<string, string>();
  for (const digest of digests) {
    const bytes = await store.read(blobName(digest));
    if (bytes) texts.set(digest, String(decodeValue(bytes, 'text/plain')));
  }
  return texts;
}

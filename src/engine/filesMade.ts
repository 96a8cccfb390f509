import type { Change } from '../core/files/change.js';
import type { Manifest, Stray } from '../core/files/manifest.js';
import type { Digest, Json } from '../core/outcome/canonical.js';
import type { Ref } from '../core/outcome/outcome.js';
import type { FilesMade } from '../core/outcome/rows.js';
import type { Store } from '../ports/store.js';
import type { Depot } from '../ports/trees.js';
import { blobName, PACK, putBytes, putValue, readBlob, readValue } from './artifacts.js';

/**
 * Stores changes with the content they come to, by digest, so that whoever knows a tree can go on with them.
 * @throws Failure `StoreUnavailable`; `OutputInvalid` where that is more than can be kept
 */
export async function storeFiles(
  { store, digest }: { readonly store: Store; readonly digest: Digest },
  depot: Depot,
  changes: readonly Change[],
  strays: readonly Stray[] = [],
): Promise<FilesMade> {
  const manifest: Manifest = { v: 1, changes, strays };
  const bytes = await depot.pack(changes);
  const [first, second] = await Promise.all([
    putValue(store, manifest as unknown as Json, digest),
    putBytes(store, { bytes, type: PACK }, digest),
  ]);
  return { manifest: first, pack: second };
}

/**
 * Stores them once more for a run that shares them: the one that made them may be removed at this moment.
 * @throws Failure `StoreUnavailable` where they are gone
 */
export async function storeAgain(store: Store, { manifest, pack }: FilesMade): Promise<void> {
  const again = async ({ digest }: Ref) => store.create(blobName(digest), await readBlob(store, digest));
  await Promise.all([again(manifest), again(pack)]);
}

/** Has the depot learn the content, and reads the changes. @throws Failure `StoreUnavailable` where they are gone */
export async function loadFiles(
  store: Store,
  depot: Depot,
  { manifest, pack }: FilesMade,
): Promise<Manifest> {
  await depot.learn(pack.digest, () => readBlob(store, pack.digest));
  return (await readValue(store, manifest)) as unknown as Manifest;
}

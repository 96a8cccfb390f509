import type { UnitGraph } from '../core/graph/units.js';
import { canonical, type Digest, type Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { PLAN_VERSION, type Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import { blobName, putBytes } from './artifacts.js';
import { cachePerStore } from './cache.js';

/** What a run is made of: the resolved plan and the graph of its units. */
export interface StoredPlan {
  readonly plan: Plan;
  readonly graph: UnitGraph;
}

const plans = cachePerStore<StoredPlan>(64 * 1024 * 1024);

/**
 * Stores the files that the plan names by digest, then plan and graph as one artifact.
 * @returns the digest of that artifact
 * @throws Failure `StoreUnavailable`
 */
export async function storePlan(
  store: Store,
  compiled: StoredPlan & { readonly files: ReadonlyMap<string, Uint8Array> },
  digest: Digest,
): Promise<string> {
  await Promise.all([...compiled.files].map(([name, bytes]) => store.create(blobName(name), bytes)));
  const { plan, graph } = compiled;
  // Both are plain JSON by construction; their types only name the keys more closely than `Json` does.
  const text = canonical({ plan, graph } as unknown as Json);
  const ref = await putBytes(
    store,
    { bytes: new TextEncoder().encode(text), type: 'application/json' },
    digest,
  );
  return ref.digest;
}

/**
 * @throws Failure `StoreUnavailable` where the store does not hold it, `InvalidInput` where it is no plan,
 * `ContractViolation` where another version of Muster wrote it.
 */
export async function loadPlan(store: Store, digest: string): Promise<StoredPlan> {
  const found = await plans(store).get(digest, async () => {
    const bytes = await store.read(blobName(digest));
    return bytes && { value: parsePlan(bytes, digest), weight: bytes.length * 3 };
  });
  if (found) return found;
  throw new Failure(
    'StoreUnavailable',
    `The plan ${digest.slice(0, 12)} is not in this store. Start the worker with the store the run was started from; \`muster doctor\` shows which it is.`,
  );
}

function parsePlan(bytes: Uint8Array, digest: string): StoredPlan {
  const stored = parsed(new TextDecoder().decode(bytes));
  if (!stored?.plan || !stored.graph)
    throw new Failure('InvalidInput', `What is stored as ${digest.slice(0, 12)} is no plan.`);
  if (stored.plan.v !== PLAN_VERSION || stored.graph.v !== 1)
    throw new Failure(
      'ContractViolation',
      `The plan was stored in format ${String(stored.plan.v)}; this version of Muster reads format ${PLAN_VERSION}. Use the version that stored it, or start the plan again.`,
    );
  return stored;
}

function parsed(text: string): StoredPlan | undefined {
  try {
    return JSON.parse(text) as StoredPlan;
  } catch {
    return undefined;
  }
}

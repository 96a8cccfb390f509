import type { Compiled, Source } from '../core/plan/compile.js';
import type { RunEntry } from '../engine/runIndex.js';
import type { Store } from '../ports/store.js';
import type { Runs } from '../temporal/runs.js';

/** What the parts of a client share. */
export interface Around {
  readonly store: Store;
  readonly service: () => Promise<Runs>;
  readonly check: (source: Source) => Promise<Compiled>;
  /** @throws Failure `InvalidInput` where there is no such run */
  readonly known: (given: string) => Promise<RunEntry>;
}

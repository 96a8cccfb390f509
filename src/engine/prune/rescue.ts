import { Failure } from '../../core/outcome/failure.js';
import type { Clock } from '../../ports/clock.js';
import type { Store } from '../../ports/store.js';
import { listIndexed, partOf } from '../runIndex.js';
import { alone } from './alone.js';

/**
 * Pins the run of that id that a prune which died left hidden, whole, and lists it again. Only while no prune is at work:
 * one that has looked for pins would miss this one.
 * @returns whether there was one
 * @throws Failure `InvalidInput` where a prune is at work, and it may be going
 */
export async function rescue(
  { store, clock, token }: { readonly store: Store; readonly clock: Clock; readonly token: string },
  id: string,
): Promise<boolean> {
  const hidden = async () =>
    (await listIndexed(store)).find((run) => run.id === id && run.removing && !run.removed);
  if (!(await hidden())) return false;
  const done = await alone(store, clock, token, async ({ still }) => {
    const run = await hidden();
    if (!run) return false;
    await still();
    await store.create(partOf(run, 'pinned'), new Uint8Array());
    await store.remove(partOf(run, 'removing'));
    return true;
  });
  if (done !== 'busy') return done;
  throw new Failure(
    'InvalidInput',
    `${id} is just being removed. See in half a minute what is left: muster list`,
  );
}

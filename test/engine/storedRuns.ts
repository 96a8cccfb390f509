import { sha256 } from '../../src/adapters/digest.js';
import type { OutcomeRow, Row } from '../../src/core/outcome/rows.js';
import { encodeSegment } from '../../src/core/outcome/segment.js';
import { putBytes } from '../../src/engine/artifacts.js';
import { mark } from '../../src/engine/marks.js';
import { storePlan } from '../../src/engine/plans.js';
import { type Pruned, type PruneEffects, prune } from '../../src/engine/prune/prune.js';
import { offerAs } from '../../src/engine/results.js';
import { closeRun, openRun, pinRun } from '../../src/engine/runIndex.js';
import { segmentName } from '../../src/engine/segments.js';
import { announce } from '../../src/engine/starts.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Store } from '../../src/ports/store.js';
import { noGraph, planOf } from './setting.js';

/** A run as a test writes it. Texts by the same number are the same artifact, whosever they are. */
export interface Written {
  readonly id: string;
  readonly plan: string;
  /** Input files. */
  readonly inputs: readonly number[];
  /** Large outputs, a unit each. */
  readonly outputs: readonly number[];
  readonly ending: 'closed' | 'open' | 'stopped';
  readonly pinned: boolean;
  readonly markedBad: boolean;
  /** How long other runs may use the result of each unit, ms; 0: they may not. */
  readonly cacheMs: number;
  /** The run that it repeats. */
  readonly base?: string;
}

export const DAY = 86_400_000;

/** Time that passes by one millisecond with every look at it. */
export function ticking(): Clock & { pass(ms: number): void } {
  let now = 1_700_000_000_000;
  return {
    now: () => ++now,
    after: () => () => undefined,
    pass: (ms) => {
      now += ms;
    },
  };
}

/** A store of which is known who answered for which names. */
export function recording(store: Store): Store & { readonly names: Set<string> } {
  const names = new Set<string>();
  return {
    ...store,
    names,
    async create(name, bytes) {
      names.add(name);
      return store.create(name, bytes);
    },
  };
}

export const artifact = (number: number) => ({
  bytes: new TextEncoder().encode(`artifact ${number}`),
  type: 'text/plain',
});

/** Writes a run as its starter and its units would. */
export async function writeRun(store: Store, clock: Clock, run: Written): Promise<void> {
  const { id, outputs, ending, base, cacheMs } = run;
  const named = { id, first: `first-${id}` };
  await announce(store, { id, at: clock.now(), ...(base !== undefined && { base }) }, 'nonce');
  const plan = await storedPlan(store, run);
  const opened = { ...named, plan, name: run.plan, brief: 'Try it.', openedAt: clock.now() };
  await openRun(store, { ...opened, ...(base !== undefined && { base: `first-${base}` }) });
  for (const [u, number] of outputs.entries()) {
    const place = { run: named.first, unit: `${u}` };
    await writeUnit(store, clock, place, number);
    const ended = clock.now();
    if (cacheMs > 0)
      await offerAs(store, sha256(`key ${number}`), { ...place, ended, until: ended + cacheMs });
  }
  if (run.markedBad) await mark(store, { run: named.first, unit: '0' }, 'bad');
  if (run.pinned) await pinRun(store, named);
  if (ending !== 'closed') return;
  const put = async (text: string) =>
    (await putBytes(store, { bytes: new TextEncoder().encode(text), type: 'text/plain' }, sha256)).digest;
  const tree = { manifest: await put(`manifest of ${id}`), pack: await put(`pack of ${id}`) };
  // What the answer says keeps nothing, though it be a digest.
  const answer = Array.from({ length: 10 }, (_, n) => sha256(artifact(n).bytes));
  const files = Object.fromEntries(Object.entries(tree).map(([what, digest]) => [what, { digest }]));
  const report = {
    json: await put(JSON.stringify({ answer, run: { id, files } })),
    markdown: await put(`words of ${id}`),
    html: await put(`page of ${id}`),
  };
  await closeRun(store, named, {
    status: 'complete',
    answer: sha256('the answer'),
    report,
    counts: {},
    closedAt: clock.now(),
  });
}

export async function storedPlan(store: Store, { plan, inputs }: Pick<Written, 'plan' | 'inputs'>) {
  const files = new Map(inputs.map((number) => [sha256(artifact(number).bytes), artifact(number).bytes]));
  const found = [...files].map(([digest, { length }], i) => ({ path: `${i}.txt`, digest, size: length }));
  const compiled = { ...planOf({ id: 'a' }), name: plan, inputs: { files: found } };
  return storePlan(store, { plan: compiled, graph: noGraph, files }, sha256);
}

export async function writeUnit(
  store: Store,
  clock: Clock,
  place: { readonly run: string; readonly unit: string },
  number: number,
): Promise<void> {
  const ref = await putBytes(store, artifact(number), sha256);
  const row: OutcomeRow = {
    row: 'outcome',
    brief: 'a',
    try: 1,
    verdict: 'succeeded',
    status: 'succeeded',
    ref,
    started: clock.now(),
    ended: clock.now(),
  };
  const rows: readonly Row[] = [{ row: 'expansion', keys: ['k'], items: [ref] }, row];
  for (const [seq, one] of rows.entries())
    await store.create(segmentName(place, seq), encodeSegment({ dispatch: 1, attempt: 1 }, [one], []));
}

export const effectsOn = (store: Store, clock: Clock, more: Partial<PruneEffects> = {}): PruneEffects => ({
  store,
  clock,
  token: `prune ${clock.now()}`,
  isOver: async () => undefined,
  clear: async () => {},
  ...more,
});

export async function pruned(...args: Parameters<typeof prune>): Promise<Pruned> {
  const done = await prune(...args);
  if (done === 'busy') throw new Error('another prune is at work');
  return done;
}

export const everything = async (store: Store): Promise<readonly string[]> =>
  [...(await store.list(''))].sort();

import { systemClock } from '../../src/adapters/clock.js';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { inMemory } from '../../src/core/integrate/wide/scratch.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import type { Reason, Ref, Status, Usage } from '../../src/core/outcome/outcome.js';
import type { OutcomeRow, Row } from '../../src/core/outcome/rows.js';
import { encodeSegment } from '../../src/core/outcome/segment.js';
import { encodeValue, INLINE_LIMIT, putBytes } from '../../src/engine/artifacts.js';
import type { IntegrateEffects } from '../../src/engine/integrateRun.js';
import { storePlan } from '../../src/engine/plans.js';
import { openRun } from '../../src/engine/runIndex.js';
import { segmentName } from '../../src/engine/segments.js';
import type { Store } from '../../src/ports/store.js';
import { compiled, memoryFolder } from '../core/plan/support.js';

/** How one brief or instance ended; times are seconds after the run was opened. */
export interface End {
  readonly status: Status;
  readonly value?: Json;
  readonly reason?: Reason;
  readonly from?: number;
  readonly to?: number;
  readonly tries?: number;
  readonly usage?: Usage;
  readonly redacted?: readonly string[];
}

export const OPENED = Date.UTC(2026, 0, 5, 9, 0, 0);
export const RUN = { id: 'review-1', first: 'f1' } as const;

/** A run as its units left it: a plan in a store, and a log per unit. */
export interface Recorded {
  readonly store: Store;
  readonly plan: string;
}

/** @param ends by `brief` or `brief[key]`; a fan opens on the keys that `keys` gives it */
export async function recordRun(
  text: string,
  ends: { readonly [label: string]: End },
  {
    keys = {},
    files = {},
    params = {},
    store = memoryStore(),
  }: {
    readonly keys?: { readonly [fan: string]: readonly string[] };
    readonly files?: { readonly [path: string]: string };
    readonly params?: { readonly [name: string]: Json };
    readonly store?: Store;
  } = {},
): Promise<Recorded> {
  const made = await compiled(text, { params }, { ...memoryFolder(files), digest: sha256 });
  const plan = await storePlan(store, made, sha256);
  const { name, brief } = made.plan;
  await openRun(store, { ...RUN, plan, name, brief, openedAt: OPENED });
  for (const [u, { id }] of made.plan.briefs.entries()) {
    if (keys[id]) await append(store, `${u}`, [{ row: 'expansion', keys: keys[id], items: [] }]);
    const instances = keys[id] ?? [undefined];
    for (const [k, key] of instances.entries()) {
      const end = ends[key === undefined ? id : `${id}[${key}]`];
      if (end) await appendEnd(store, key === undefined ? `${u}` : `${u}.${k}`, id, key, end);
    }
  }
  return { store, plan };
}

async function appendEnd(store: Store, unit: string, brief: string, key: string | undefined, end: End) {
  const { status, value, reason, from = 0, to = from + 1, tries = 1, usage, redacted } = end;
  const good = status === 'succeeded' || status === 'partial';
  const base = { row: 'outcome', brief, ...(key !== undefined && { key }) } as const;
  const span = (to - from) / Math.max(1, tries);
  const failed = Array.from(
    { length: Math.max(0, tries - 1) },
    (_, n): OutcomeRow => ({
      ...base,
      try: n + 1,
      verdict: 'failed',
      reason: { type: 'CommandFailed', message: 'It failed.' },
      notBefore: OPENED,
      started: OPENED + 1_000 * (from + n * span),
      ended: OPENED + 1_000 * (from + (n + 1) * span),
    }),
  );
  if (failed.length > 0) await append(store, unit, failed);
  const bodies: Uint8Array[] = [];
  const seq = failed.length > 0 ? 1 : 0;
  const ref = value === undefined ? undefined : await put(store, unit, seq, value, bodies);
  const last: OutcomeRow = {
    ...base,
    try: tries,
    verdict: good ? 'succeeded' : 'failed',
    status,
    ...(ref && { ref }),
    ...(reason && { reason }),
    ...(redacted && { redacted }),
    started: OPENED + 1_000 * (to - span),
    ended: OPENED + 1_000 * to,
    ...(usage && { usage }),
  };
  await append(store, unit, [last], bodies, seq);
}

async function put(store: Store, unit: string, seq: number, value: Json, bodies: Uint8Array[]): Promise<Ref> {
  const encoded = encodeValue(value);
  if (encoded.bytes.length > INLINE_LIMIT) return putBytes(store, encoded, sha256);
  const { length } = encoded.bytes;
  bodies.push(encoded.bytes);
  const at = { run: RUN.first, unit, seq, offset: 0, length };
  return { digest: sha256(encoded.bytes), size: length, type: encoded.type, at };
}

const append = (
  store: Store,
  unit: string,
  rows: readonly Row[],
  bodies: readonly Uint8Array[] = [],
  seq = 0,
) =>
  store.create(
    segmentName({ run: RUN.first, unit }, seq),
    encodeSegment({ dispatch: 1, attempt: 1 }, rows, bodies),
  );

export const effects = (
  store: Store,
  executors: Partial<IntegrateEffects['executors']> = {},
): IntegrateEffects => ({
  store,
  digest: sha256,
  clock: systemClock,
  depots: async () => {
    throw new Error('nobody had a workspace here');
  },
  ...inMemory(),
  executors: { run: nobody, ask: nobody, call: nobody, ...executors },
  signal: new AbortController().signal,
});
const nobody = () => Promise.reject(new Error('nobody is to be asked here'));

export async function textOf(store: Store, digest: string): Promise<string> {
  return new TextDecoder().decode(await store.read(`blobs/${digest.slice(0, 2)}/${digest}`));
}

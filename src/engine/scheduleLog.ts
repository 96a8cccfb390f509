import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { computedParams } from '../core/plan/scheduledTime.js';
import { typedParams } from '../core/plan/typedParams.js';
import type { Store } from '../ports/store.js';

/*
 * What a schedule starts, and when people paused it: `schedules/<id>/<n>`, each created once, in order of time. The
 * timetable itself is the service's. A run gets the name of an entry, so whoever may write to the store may name plan
 * files, and whoever may merely start workflows may not.
 */

/** A plan to be read from its file whenever a run begins, and the params it gets then. */
export interface ScheduledSource {
  /** Absolute. */
  readonly file: string;
  readonly params: JsonObject;
  /** Params as templates over `scheduled`, the time a run is scheduled for. */
  readonly computed: { readonly [name: string]: string };
  /** IANA name. */
  readonly timezone: string;
}

export type ScheduleEntry = { readonly at: number } & (
  | { readonly kind: 'created'; readonly source: ScheduledSource }
  | { readonly kind: 'paused' | 'resumed' | 'deleted' }
  /** The service would not have what entry number `entry` created. */
  | { readonly kind: 'refused'; readonly entry: number }
);

/** @returns the entry's number */
export async function appendEntry(store: Store, id: string, entry: ScheduleEntry): Promise<number> {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: 1, ...entry }));
  for (let n = (await readEntries(store, id)).length; ; n++)
    if ((await store.create(nameOf(id, n), bytes)) === 'created') return n;
}

/** Since the schedule was last created; nothing where it never was. What the service refused does not count. */
export async function entriesOf(store: Store, id: string): Promise<readonly ScheduleEntry[]> {
  const all = await readEntries(store, id);
  const refused = new Set(all.map((entry) => (entry.kind === 'refused' ? entry.entry : undefined)));
  const stood = all.filter(({ kind }, n) => kind !== 'refused' && !refused.has(n));
  return stood.slice(
    Math.max(
      0,
      stood.findLastIndex(({ kind }) => kind === 'created'),
    ),
  );
}

/** Whether any schedule was created here that is neither deleted nor paused. */
export async function anyScheduled(store: Store): Promise<boolean> {
  const ids = new Set((await store.list('schedules/')).map((name) => name.split('/')[1]!));
  const last = await Promise.all([...ids].map(async (id) => (await entriesOf(store, id)).at(-1)?.kind));
  return last.some((kind) => kind === 'created' || kind === 'resumed');
}

/** @throws Failure `StoreUnavailable` where this store has no such entry, `ContractViolation` */
export async function sourceOf(store: Store, id: string, n: number): Promise<ScheduledSource> {
  const entry = await readEntry(store, id, n);
  if (entry?.kind === 'created') return entry.source;
  throw new Failure(
    'StoreUnavailable',
    `What the schedule ${id} starts is not in this store. Does this worker use the store that the schedule was created with?`,
  );
}

/** The params of a run scheduled for a time, typed by the plan's schema. @param ms since the epoch */
export function paramsAt(
  { params, computed, timezone }: ScheduledSource,
  ms: number,
  schema: () => JsonObject | undefined,
): JsonObject {
  const options = Object.entries(computedParams(computed, ms, timezone)).map(
    ([name, value]) => `${name}=${value}`,
  );
  return { ...params, ...(options.length > 0 && typedParams(schema(), options)) };
}

const nameOf = (id: string, n: number): string => `schedules/${id}/${n}`;

async function readEntries(store: Store, id: string): Promise<readonly ScheduleEntry[]> {
  const found: ScheduleEntry[] = [];
  for (;;) {
    const entry = await readEntry(store, id, found.length);
    if (!entry) return found;
    found.push(entry);
  }
}

async function readEntry(store: Store, id: string, n: number): Promise<ScheduleEntry | undefined> {
  const bytes = await store.read(nameOf(id, n));
  if (!bytes) return undefined;
  const { v, ...entry } = JSON.parse(new TextDecoder().decode(bytes)) as ScheduleEntry & { v: unknown };
  if (v === 1) return entry;
  throw new Failure(
    'ContractViolation',
    `The schedule ${id} was stored in format ${String(v)}; this version of Muster reads format 1. Use a newer version of Muster.`,
  );
}

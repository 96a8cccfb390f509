import { isObject, type Json, type JsonObject } from '../outcome/canonical.js';
import type { Plan } from './plan.js';
import type { Path, Problems } from './problems.js';
import type { PlanDocument } from './schema.js';
import type { ReadableDocument } from './shape.js';

/** A brief as it is written, the plan's `defaults` merged in. */
export type WrittenBrief = PlanDocument['briefs'][number] & {
  /** Its place in the document. */
  readonly at: number;
  /** Of a fallback: it stands within its brief. */
  readonly fallsBack?: true;
  /** Of a fallback that is a constant. */
  readonly value?: Json | undefined;
};
export const placeOf = ({ at, fallsBack }: WrittenBrief): Path =>
  fallsBack ? ['briefs', at, 'fallback'] : ['briefs', at];

/** A plan on its way: readable, with its parameters and files, not yet known to make sense. */
export interface Draft {
  readonly document: ReadableDocument;
  readonly briefs: readonly WrittenBrief[];
  /** The first brief of each id. */
  readonly byId: ReadonlyMap<string, WrittenBrief>;
  readonly params: JsonObject;
  readonly inputs: Plan['inputs'];
}

/** What a worker carries out itself. */
export const CARRIED = ['run', 'ask', 'http', 'call'] as const;
const ANSWERING = [...CARRIED, 'plan'] as const;
export const EXECUTORS = [...ANSWERING, 'gate'] as const;
export type ExecutorKind = (typeof EXECUTORS)[number];

/** The executor key of a brief that has exactly one. */
export function executorOf(brief: WrittenBrief): ExecutorKind | undefined {
  const [kind, second] = EXECUTORS.filter((key) => brief[key] !== undefined);
  return second ? undefined : kind;
}

/** The kind of workspace a brief has of its own; undefined where it shares the plan's folder. */
export const ownWorkspace = ({ workspace }: WrittenBrief): 'copy' | 'worktree' | undefined =>
  workspace === 'shared' ? undefined : workspace;

/** The name a fan's item goes by; undefined where the brief is no fan. */
export const itemName = (brief: WrittenBrief): string | undefined =>
  brief.forEach && (brief.forEach.as ?? 'item');

/** The ids a brief waits for, a paired fan included. */
export const needsOf = (brief: WrittenBrief): readonly string[] => {
  const { needs = [], optional = [], forEach } = brief;
  return [...new Set([...needs, ...optional, ...(forEach?.each === undefined ? [] : [forEach.each])])];
};

/**
 * Of the shared defaults, those that this brief's executor has a use for; what it says itself wins. They speak of work: a
 * gate waits for a person as long as it says itself.
 */
export function withDefaults(document: ReadableDocument, problems: Problems): WrittenBrief[] {
  const { defaults } = document;
  return document.briefs.map((brief) => {
    const kind = executorOf(brief);
    const apply = Object.entries(defaultsFor(brief, defaults)).filter(
      ([key]) => appliesTo(key, kind) && !problems.doubts('briefs', brief.at, key),
    );
    return mergeDeep(Object.fromEntries(apply), brief as unknown as JsonObject) as unknown as WrittenBrief;
  });
}

/** How often what must not run twice is tried is for the brief itself to say; a plan has one try. */
function defaultsFor(
  { effect, plan }: PlanDocument['briefs'][number],
  defaults: PlanDocument['defaults'] = {},
) {
  if (!defaults.retry || (effect !== 'once' && !plan)) return defaults;
  const { attempts: _, on: __, ...retry } = defaults.retry;
  const { backoff: ___, ...last } = retry;
  return { ...defaults, retry: plan ? last : retry };
}

const ONLY: Readonly<Record<string, readonly ExecutorKind[]>> = {
  role: ['ask'],
  vote: ['ask'],
  model: ['ask'],
  maxTokens: ['ask'],
  temperature: ['ask'],
  samples: ['ask'],
  keep: ['ask'],
  rank: ['ask'],
  perspectives: ['ask'],
  budget: ANSWERING,
  tools: ['ask'],
  scope: ['ask'],
  constraints: ['ask'],
  files: ['ask'],
  context: ['ask', 'gate'],
  parse: ['run', 'http'],
  okExit: ['run'],
  okStatus: ['http'],
  allowDash: ['run'],
  stdin: ['run', 'call'],
  workspace: ['run', 'call'],
  produces: ['run', 'call'],
  output: ANSWERING,
  accept: ANSWERING,
  timeout: CARRIED,
  heartbeat: CARRIED,
  stall: CARRIED,
  effect: CARRIED,
  cache: [...CARRIED, 'gate'],
  fallback: ANSWERING,
  uses: ANSWERING,
  reads: ANSWERING,
  writes: ANSWERING,
  mirrors: ANSWERING,
};
export const readersOf = (key: string): readonly ExecutorKind[] => ONLY[key] ?? EXECUTORS;
const appliesTo = (key: string, kind: ExecutorKind | undefined): boolean =>
  kind !== 'gate' && (kind === undefined || readersOf(key).includes(kind));

/** A brief, and its fallback with what that says itself: whatever is to be looked at where it is written. */
export function carriersOf(brief: WrittenBrief): readonly WrittenBrief[] {
  const { id, at, needs, optional, forEach, allowDash, fallback } = brief;
  if (!fallback) return [brief];
  return [brief, { id, at, needs, optional, forEach, allowDash, ...fallback, fallsBack: true }];
}

/**
 * What a brief goes on with when its tries are spent: all that it says itself, but for what its fallback says. That is asked
 * directly: batches were before all tries.
 */
export function fallbackOf({ fallback, batch: _, ...brief }: WrittenBrief): WrittenBrief | undefined {
  if (!fallback) return undefined;
  const kind = executorOf(fallback as WrittenBrief);
  const fits = (key: string) =>
    !EXECUTORS.some((one) => one === key) &&
    (kind ? [kind] : CARRIED).every((one) => readersOf(key).includes(one));
  const { then: __, ...retry } = brief.retry ?? {};
  const base = Object.entries({ ...brief, retry }).filter(([key]) => fits(key));
  const merged = mergeDeep(Object.fromEntries(base) as JsonObject, fallback as JsonObject);
  return { ...(merged as unknown as WrittenBrief), fallsBack: true };
}

/** Maps merge, everything else is replaced. */
function mergeDeep(base: JsonObject, over: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const under = merged[key];
    merged[key] = isObject(under) && isObject(value) ? mergeDeep(under, value) : value;
  }
  return merged;
}

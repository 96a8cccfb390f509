import type { JsonObject } from '../outcome/canonical.js';
import { limitOf } from './budget.js';
import { executorOf, fallbackOf, needsOf, ownWorkspace, type WrittenBrief } from './draft.js';
import { DURATION_RANGE, milliseconds } from './durations.js';
import type { Executor, HttpMethod, SubPlanFile } from './executor.js';
import type { Check, Requirement } from './integration.js';
import { joinsOf } from './joins.js';
import {
  type Accept,
  type Backoff,
  type Batch,
  type Brief,
  type ForEach,
  MAX_BRIEFS,
  type Retry,
  type Vote,
} from './plan.js';
import { requestOf } from './request.js';
import type { Roles } from './role.js';
import type { PlanDocument } from './schema.js';
import type { Schemas } from './schemas.js';
import { severalOf } from './several.js';
import { mayCallTools, toolsFor } from './tools.js';

/** What holds where neither a brief nor the plan's `defaults` say anything. */
export const DEFAULTS = {
  timeout: '10m',
  acknowledge: '1d',
  heartbeat: '15s',
  batch: '1d',
  attempts: 3,
  backoff: '1s..60s',
} as const;
export const DEFAULT_CONCURRENCY = 10;

/** A brief as it is carried out: every default filled in, durations in milliseconds. It has passed all checks. */
export function resolveBrief(
  written: WrittenBrief,
  roles: Roles,
  output: JsonObject | undefined,
  file?: SubPlanFile,
  expects?: Brief['expects'],
): Brief {
  const {
    id,
    title,
    when,
    forEach,
    scope,
    stdin,
    stall,
    within,
    gate,
    role,
    model,
    temperature,
    maxTokens,
    budget,
    tools: writtenTools,
    allowDash,
    cache,
    produces,
  } = written;
  // Nobody knows how long a person takes: unless told, a plan is reckoned without it.
  const { estimate = gate === undefined ? undefined : '0s' } = written;
  const fallback = fallbackOf(written);
  const tools =
    written.ask === undefined
      ? undefined
      : toolsFor(writtenTools, role === undefined ? undefined : roles[role], mayCallTools(written));
  return {
    id,
    ...(title !== undefined && { title }),
    executor: written.plan ? subPlan(written.plan, file) : executor(written),
    needs: needsOf(written),
    ...joinsOf(written),
    ...(when !== undefined && { when }),
    ...(forEach && { forEach: fan(forEach) }),
    ...(scope !== undefined && { scope }),
    constraints: written.constraints ?? [],
    files: written.files ?? [],
    context: written.context ?? [],
    ...(stdin && { stdin: stdin.from }),
    parse: parseOf(written),
    okExit: written.okExit ?? [0],
    ...(output && { output }),
    ...(expects && {
      expects,
      acknowledgeMs: milliseconds(written.acknowledge ?? DEFAULTS.acknowledge),
    }),
    accept: [written.accept ?? []].flat().flatMap(acceptance),
    retry: retryOf(written),
    ...(written.effect && { effect: written.effect }),
    ...(fallback && { fallback: resolveBrief(fallback, roles, output) }),
    timeoutMs: milliseconds(written.timeout ?? DEFAULTS.timeout),
    ...(stall !== undefined && { stallMs: milliseconds(stall) }),
    ...(within !== undefined && { withinMs: milliseconds(within) }),
    heartbeatMs: milliseconds(written.heartbeat ?? DEFAULTS.heartbeat),
    ...(estimate !== undefined && { estimateMs: milliseconds(estimate) }),
    uses: written.uses ?? {},
    ...(written.priority && written.priority !== 'normal' && { priority: written.priority }),
    reads: written.reads ?? [],
    writes: written.writes ?? [],
    mirrors: written.mirrors ?? [],
    ...(written.vote && { vote: resolveVote(written.vote) }),
    ...severalOf(written),
    ...(written.batch && { batch: batchOf(written.batch) }),
    ...(role !== undefined && { role }),
    ...(model !== undefined && { model }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(budget && { budget: limitOf(budget) }),
    ...(tools && { tools }),
    ...(allowDash && { allowDash }),
    ...(cache && { cacheMs: milliseconds(cache.for) }),
    ...(ownWorkspace(written) && { workspace: produces ? { produces } : {} }),
  };
}

const batchOf = (written: NonNullable<WrittenBrief['batch']>): Batch => ({
  byMs: milliseconds((written === true ? undefined : written.by) ?? DEFAULTS.batch),
});

function executor(written: WrittenBrief): Executor {
  const { run, ask, call, gate, okStatus, value } = written;
  if (value !== undefined) return { kind: 'constant', value };
  if (run) return { kind: 'run', argv: run };
  if (ask !== undefined) return { kind: 'ask', text: ask };
  if (gate !== undefined) return { kind: 'gate', text: gate };
  const request = requestOf(written);
  if (!request) return { kind: 'call', name: call! };
  const { method, url, headers, body } = request;
  return {
    kind: 'http',
    method: method.value as HttpMethod,
    url: url.value,
    headers: headers.map(({ name, value }) =>
      typeof value === 'string'
        ? { name, text: value }
        : { name, env: value.env, ...(value.prefix !== undefined && { prefix: value.prefix }) },
    ),
    ...(body && { body: body.value }),
    ...(okStatus && { okStatus }),
  };
}

function resolveVote(written: NonNullable<WrittenBrief['vote']>): Vote {
  const { samples, field, match = 'normalised', quorum, tie, stop = 'early', parallel = 3 } = written;
  const { temperature, models, prompts } = written;
  return {
    ...{ samples, match, stop, parallel },
    tie: tie === 'first' ? 'first' : 'reject',
    ...(field !== undefined && { field }),
    ...(quorum !== undefined && { quorum }),
    ...(temperature !== undefined && { temperature }),
    ...(models && { models }),
    ...(prompts && { prompts }),
  };
}

const subPlan = (
  { from, params = {} }: NonNullable<WrittenBrief['plan']>,
  file: SubPlanFile | undefined,
): Executor => ({ kind: 'plan', plan: file ? { file } : { from: from! }, params });

/** An answer with a schema is JSON, one without is text; a response says for itself what it is. */
export function parseOf(written: WrittenBrief): Brief['parse'] {
  const kind = executorOf(written);
  return written.parse ?? (kind === 'http' ? 'by-type' : kind === 'ask' && written.output ? 'json' : 'text');
}

function fan(written: NonNullable<WrittenBrief['forEach']>): ForEach {
  const { key, as = 'item', max = MAX_BRIEFS, overflow } = written;
  return {
    source: source(written),
    as,
    ...(key !== undefined && { key }),
    max,
    ...(overflow && { overflow }),
  };
}

function source({
  in: from,
  matrix,
  exclude = [],
  each,
}: NonNullable<WrittenBrief['forEach']>): ForEach['source'] {
  if (typeof from === 'string') return { kind: 'in', cel: from };
  if (from) return { kind: 'list', items: from };
  if (matrix) return { kind: 'matrix', axes: matrix, exclude };
  return { kind: 'each', brief: each! };
}

type WrittenAccept = Exclude<NonNullable<WrittenBrief['accept']>, readonly unknown[]>;
const acceptance = ({ cel, command, plan, judge, says }: WrittenAccept): Accept[] => [
  ...(cel === undefined ? [] : [{ kind: 'cel', cel } as const]),
  ...(command ? [{ kind: 'command', argv: command } as const] : []),
  ...(plan === undefined ? [] : [{ kind: 'plan', cel: plan } as const]),
  ...(judge === undefined ? [] : [{ kind: 'judge', model: judge, says: says! } as const]),
];

export function retryOf({ retry, effect, plan, gate, vote }: WrittenBrief): Retry {
  const on = Object.entries(retry?.on ?? {}).map(([type, { attempts, backoff }]) => [
    type,
    {
      ...(attempts !== undefined && { attempts }),
      ...(backoff !== undefined && { backoff: range(backoff) }),
    },
  ]);
  return {
    attempts: retry?.attempts ?? (effect === 'once' || plan || gate !== undefined ? 1 : DEFAULTS.attempts),
    backoff: range(retry?.backoff ?? DEFAULTS.backoff),
    ...(on.length > 0 && { on: Object.fromEntries(on) }),
    then: retry?.then === 'missing' ? 'missing' : 'fail',
    ...((retry?.escalate || vote?.tie === 'escalate') && { escalate: true }),
  };
}

function range(written: string): Backoff {
  const [, min, minUnit, max, maxUnit] = DURATION_RANGE.exec(written)!;
  return { minMs: milliseconds(`${min}${minUnit}`), maxMs: milliseconds(`${max}${maxUnit}`) };
}

export const capacities = (resources: PlanDocument['resources']): { readonly [name: string]: number } =>
  Object.fromEntries(
    Object.entries(resources ?? {}).map(([name, given]) => [
      name,
      typeof given === 'number' ? given : given.capacity,
    ]),
  );

type WrittenRequirements = NonNullable<PlanDocument['requirements']>;
type WrittenCheck = NonNullable<WrittenRequirements[number]['check']>;

export const resolveRequirements = (
  written: WrittenRequirements,
  { requirements }: Pick<Schemas, 'requirements'>,
): readonly Requirement[] =>
  written.map(({ id, says, check }) => ({
    id,
    says,
    ...(check && { check: resolveCheck(check, requirements.get(id)) }),
  }));

/** `schema` is the check's own, read from its file where it named one. */
function resolveCheck(check: WrittenCheck, schema: JsonObject | undefined): Check {
  const { in: place = '$', covers, count, matches, unique, range, reconcile, cel, provenance, judge } = check;
  if (covers !== undefined) return { kind: 'covers', covers, in: place };
  if (schema) return { kind: 'schema', schema, ...(check.in !== undefined && { in: check.in }) };
  if (count) return { kind: 'count', in: place, ...count };
  if (matches !== undefined) return { kind: 'matches', matches, in: place };
  if (unique) return { kind: 'unique', in: place };
  if (range) return { kind: 'range', in: place, ...range };
  if (reconcile !== undefined) return { kind: 'reconcile', reconcile, in: place };
  if (provenance !== undefined) {
    const { against = 'outputs', cites, verbatim = false } = check;
    const strict = provenance === 'strict';
    return {
      kind: 'provenance',
      in: place,
      strict,
      against,
      ...(cites !== undefined && { cites }),
      verbatim,
    };
  }
  if (judge !== undefined) {
    const { rubric, in: place } = check;
    return {
      ...{ kind: 'judge', model: judge },
      ...(rubric !== undefined && { rubric }),
      ...(place !== undefined && { in: place }),
    };
  }
  return { kind: 'cel', cel: cel! };
}

import type { Json, JsonObject } from '../../../../src/core/outcome/canonical.js';
import type { Brief, ForEach, Plan } from '../../../../src/core/plan/plan.js';

const brief: Brief = {
  id: '',
  executor: { kind: 'ask', text: 'Do it.' },
  needs: [],
  constraints: [],
  files: [],
  context: [],
  parse: 'text',
  okExit: [0],
  accept: [],
  retry: { attempts: 3, backoff: { minMs: 1000, maxMs: 60_000 }, then: 'fail' },
  timeoutMs: 600_000,
  heartbeatMs: 15_000,
  uses: {},
  reads: [],
  writes: [],
  mirrors: [],
};

export type BriefPart = Partial<Brief>;

/** A compiled plan of these briefs, everything not said as it is by default. */
export function planOf(briefs: { readonly [id: string]: BriefPart }, rest: Partial<Plan> = {}): Plan {
  return {
    v: 1,
    name: 'test',
    brief: 'Test.',
    requirements: [],
    params: {},
    inputs: {},
    limits: { concurrency: 10 },
    waves: 'rolling',
    onFailure: 'continue',
    resources: {},
    models: {},
    briefs: Object.entries(briefs).map(([id, part]) => ({ ...brief, ...part, id })),
    integrate: { merge: [] },
    ...rest,
  };
}

export const over = (source: ForEach['source'], max = 1000): { forEach: ForEach } => ({
  forEach: { source, as: 'it', max },
});
export const list = (...items: Json[]) => over({ kind: 'list', items });
export const matrix = (
  axes: { readonly [axis: string]: readonly Json[] },
  exclude: readonly JsonObject[] = [],
) => over({ kind: 'matrix', axes, exclude });

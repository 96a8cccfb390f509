import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { TRIGGER_RULES } from '../../../src/core/graph/triggerRules.js';
import { wholeNeeds } from '../../../src/core/graph/units.js';
import { canonical, type Json, type JsonObject } from '../../../src/core/outcome/canonical.js';
import { compile } from '../../../src/core/plan/compile.js';
import type { ExecutorKind } from '../../../src/core/plan/draft.js';
import { expand } from '../../../src/core/plan/expand.js';
import { compiled, compileText, memoryFolder } from './support.js';

const duration = fc
  .tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom('ms', 's', 'm', 'h'))
  .map((parts) => parts.join(''));

const WORK: { readonly [kind in ExecutorKind]: (u: number) => Json } = {
  run: (u) => ['node', `{{ params.word }}-${u}`],
  ask: (u) => `work ${u}`,
  call: (u) => `work ${u}`,
  plan: () => ({ from: 'params.word', params: { word: 'params.word' } }),
  gate: (u) => `Is {{ params.word }} ${u} good?`,
  http: (u) =>
    u % 2 === 0
      ? `GET https://x.test/{{ params.word }}/${u}`
      : {
          method: 'POST',
          url: 'https://x.test/',
          headers: { 'X-Word': '{{ params.word }}', Authorization: { env: 'TOKEN' } },
          body: { from: 'params.word' },
        },
};

/** A valid plan: needs go backwards, writes keep to the brief's own folder. */
const plans = fc
  .array(
    fc.record(
      {
        kind: fc.constantFrom('run', 'ask', 'http', 'call', 'plan'),
        backwards: fc.array(fc.nat(), { maxLength: 3 }),
        fan: fc.option(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 4 }), {
          nil: undefined,
        }),
        timeout: duration,
        estimate: duration,
        writes: fc.boolean(),
        join: fc.constantFrom(...TRIGGER_RULES),
        uses: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: ['kind', 'backwards', 'writes'] },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts): JsonObject => {
    const briefs = parts.map(({ kind, backwards, fan, timeout, estimate, writes, uses, join }, u) => {
      const needs = u === 0 ? [] : [...new Set(backwards.map((n) => `b${n % u}`))];
      return {
        id: `b${u}`,
        [kind]: WORK[kind](u),
        needs,
        ...(fan && { forEach: { in: [...new Set(fan)], as: `it${u}` } }),
        ...(timeout && kind !== 'plan' && { timeout }),
        ...(estimate && { estimate }),
        ...(writes && { writes: [`out/${u}/${fan ? '{{ key }}' : 'x'}`] }),
        ...(uses && { uses: { pool: uses } }),
        // What writes on the strength of a fan-out has to say when it may.
        ...(needs.length > 0 && (join || writes) && { join: join ?? 'all_success' }),
      } as JsonObject;
    });
    return {
      muster: 1,
      name: 'random',
      brief: 'Whatever.',
      params: { type: 'object', properties: { word: { type: 'string', default: 'w' } } },
      resources: { pool: 3 },
      briefs,
    };
  });

describe('a random valid plan', () => {
  it('compiles, to as many units as it has briefs, each need in the set of its unit', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (document) => {
        const { plan, graph } = await compiled(stringify(document));
        expect(graph.units).toHaveLength(plan.briefs.length);
        for (const [u, brief] of plan.briefs.entries()) {
          const set = graph.sets[graph.units[u]!.needs ?? -1];
          const waited = set ? [...wholeNeeds(set), ...(set.each ?? [])] : [];
          expect(waited.map((v) => plan.briefs[v]!.id).sort()).toEqual([...brief.needs].sort());
          for (const v of waited) expect(graph.units[v]!.rank).toBeGreaterThan(graph.units[u]!.rank);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is the same after a round through canonical JSON, and however it was written', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (document) => {
        const { plan, graph } = await compiled(stringify(document));
        const stored = canonical({ plan, graph } as unknown as Json);
        expect(JSON.parse(stored)).toEqual({ plan, graph });
        const asJson = await compiled(JSON.stringify(document));
        const asValue = await compile({ document, folder: '/plans' }, memoryFolder());
        expect(canonical({ plan: asJson.plan, graph: asJson.graph } as unknown as Json)).toBe(stored);
        expect(asValue.ok && canonical({ plan: asValue.plan, graph: asValue.graph } as unknown as Json)).toBe(
          stored,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('expands to unique keys, one per item', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (document) => {
        const { plan } = await compiled(stringify(document));
        for (const brief of plan.briefs.filter(({ forEach }) => forEach)) {
          const expanded = expand(plan, brief, { params: plan.params, inputs: plan.inputs, needs: {} });
          if (expanded.kind !== 'expanded') throw new Error(expanded.reason.message);
          expect(new Set(expanded.keys).size).toBe(expanded.items.length);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('any text at all', () => {
  it('is compiled or refused with a message, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.json().map((json) => `muster: 1\nbriefs: ${json}`),
        ),
        async (text) => {
          const result = await compileText(text);
          if (!result.ok) for (const { message } of result.problems) expect(message).not.toBe('');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('in the place of any part of a plan is compiled or refused, never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), fc.jsonValue({ maxDepth: 3 }), async (document, where, value) => {
        const broken = JSON.parse(JSON.stringify(document)) as { [key: string]: unknown };
        const places = slots(broken);
        const [holder, key] = places[where % places.length]!;
        (holder as { [key: string]: unknown })[key] = value;
        const result = await compileText(JSON.stringify(broken));
        if (!result.ok) expect(result.problems.some(({ severity }) => severity === 'error')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

/** Every place in a value, with what holds it. */
function slots(value: unknown): [holder: object, key: string][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [[value, key] as [object, string], ...slots(inner)]);
}

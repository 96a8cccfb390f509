import type { Json } from '../../../src/core/outcome/canonical.js';
import { type IntegrateEffects, integrateRun } from '../../../src/engine/integrateRun.js';
import { readReport } from '../../support/report.js';
import { effects, OPENED, RUN, recordRun, textOf } from '../recordedRun.js';
import { type Body, endpoint, hasty, json, type Said } from './endpoint.js';
import { CITIES, ENDS, type Ends, PLAN } from './parks.js';
import { type Role, SOUND } from './sound.js';

/** One who answers in place of a sound one. @param nth counted from 0 among what this one was asked */
export type Answers = (body: Body, nth: number) => Said;
export interface Cast {
  readonly writer?: Answers;
  readonly judge?: Answers;
  readonly chooser?: Answers;
  readonly reducer?: (sound: readonly Sum[]) => Json;
  readonly ends?: Ends;
}

export interface Sum {
  readonly value: { readonly region: string; readonly parks: number; readonly cities: number };
  readonly from: readonly number[];
}
/** What is wrong, with whom, and where the report says so. */
export type Case = readonly [what: string, cast: Cast, seen: RegExp];

/** What a person sees of it: how the run ended, and the report to read; and all that models were asked. */
export async function integrated(cast: Cast) {
  const { ends = {} } = cast;
  const params = { cities: CITIES, regions: ['north', 'south'] };
  const all = { ...ENDS, ...ends };
  const { store, plan } = await recordRun(PLAN, all, { keys: { count: CITIES }, params });
  const asked = { writer: 0, judge: 0, chooser: 0 };
  const { ask, bodies } = endpoint((body) => {
    const role = roleOf(body);
    return cast[role]?.(body, asked[role]++) ?? json(SOUND[role](body));
  });
  const call: IntegrateEffects['executors']['call'] = async ({ work }) => {
    const sums = byRegion((work.input as unknown as { items: readonly Item[] }).items);
    return { output: { value: cast.reducer?.(sums) ?? (sums as unknown as Json) } };
  };
  const note = { reason: 'completed', units: 'ds', fans: { '0': 'sss' } } as const;
  const result = await integrateRun(
    { run: RUN, plan, note, now: OPENED + 9_000 },
    { ...effects(store, { ask, call }), clock: hasty },
  );
  readReport(await textOf(store, result.report.json));
  const outputs = Object.values(all).map(({ value }) => value ?? null);
  return {
    status: result.status,
    text: await textOf(store, result.report.markdown),
    bodies,
    outputs,
  };
}

const roleOf = (body: Body): Role => {
  const [{ content } = { content: '' }] = body.messages;
  if (content.startsWith('You write one section') || content.startsWith('You take notes')) return 'writer';
  return content.startsWith('You judge which') ? 'judge' : 'chooser';
};

interface Item {
  readonly value: { readonly region: string; readonly parks: number };
}
const byRegion = (items: readonly Item[]): readonly Sum[] =>
  [...new Set(items.map(({ value }) => value.region))].map((region) => {
    const from = items.flatMap(({ value }, n) => (value.region === region ? [n] : []));
    const parks = from.reduce((sum, n) => sum + items[n]!.value.parks, 0);
    return { value: { region, parks, cities: from.length }, from };
  });

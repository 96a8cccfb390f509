import { expect, it } from 'vitest';
import { openedOf } from '../../../src/core/integrate/expected.js';
import { holesOf } from '../../../src/core/integrate/holes.js';
import { buildLedger } from '../../../src/core/integrate/ledger.js';
import type { Status } from '../../../src/core/outcome/outcome.js';
import { compile } from '../../../src/core/plan/compile.js';
import type { PlanDocument } from '../../../src/core/plan/schema.js';
import { closingNote } from '../../../src/core/schedule/closing.js';
import { resumed, step } from '../../../src/core/schedule/step.js';
import { memoryFolder } from '../plan/support.js';
import { chaos } from '../schedule/support/chaos.js';
import { random, type Scenario } from '../schedule/support/scenario.js';
import { randomDocument } from './explained/documents.js';
import { unexplained } from './explained/judge.js';
import { Witness } from './explained/witness.js';

const PLANS = Number(process.env.MUSTER_PLANS ?? 1_500);
const FIRST = Number(process.env.MUSTER_SEED ?? 1);
const ENDS: readonly Status[] = [
  'repaired',
  'failed',
  'failed',
  'missing',
  'partial',
  'not-needed',
  'over-budget',
  'refused',
];
/** How working out what to fan out over can end, where it does not open. */
const REFUSING: readonly Status[] = ['failed', 'refused', 'not-needed'];

/** A plan as written, carried out by the dispatcher in a world that crashes and interferes, to the ledger of its report. */
async function run(seed: number) {
  const next = random(seed);
  const draw = (n: number) => Math.floor(next() * n);
  const document = randomDocument(draw) as unknown as PlanDocument;
  const compiled = await compile({ document, folder: '/plans' }, memoryFolder());
  if (!compiled.ok) throw new Error(`${seed}: ${JSON.stringify(compiled.problems)}`);
  const { plan, graph } = compiled;

  const trouble = draw(3) === 0 ? 0 : draw(35);
  const outcomes = new Map<string, Status>();
  const widths = plan.briefs.map(({ forEach }) =>
    forEach?.source.kind === 'list' ? forEach.source.items.length : draw(5),
  );
  for (const [u, { forEach }] of plan.briefs.entries())
    if (forEach?.source.kind === 'each') {
      const { brief } = forEach.source;
      widths[u] = widths[plan.briefs.findIndex(({ id }) => id === brief)]!;
    }
  const end = (name: string): Status => {
    if (!outcomes.has(name)) outcomes.set(name, draw(100) < trouble ? ENDS[draw(ENDS.length)]! : 'succeeded');
    return outcomes.get(name)!;
  };
  const scenario: Scenario = {
    graph,
    needs: graph.units.map(({ needs }) => (needs === undefined ? {} : graph.sets[needs]!)),
    expansion: (u) => (REFUSING.includes(end(`${u}`)) ? end(`${u}`) : widths[u]!),
    status: (u, k) => end(k === undefined ? `${u}` : `${u}.${k}`),
    draw,
  };
  const ids = plan.briefs.map(({ id }) => id);
  const witness = new Witness({ step, resumed }, ids, draw);
  const { wrong } = chaos(scenario, witness);
  const note = closingNote(witness.state);
  const expansions = openedOf(witness.expansions, note);
  const ledger = buildLedger({ plan, graph, expansions, states: witness.logs, note });
  const holes = holesOf(plan, ledger, []);
  return { wrong: [...wrong, ...unexplained(graph, ids, witness, ledger, holes)], ledger, document };
}

it(`of ${PLANS} random plans, steered and stopped at random, every brief ends in one state and the ledger says why`, async () => {
  const met = new Map<string, number>();
  for (let seed = FIRST; seed < FIRST + PLANS; seed++) {
    const { wrong, ledger } = await run(seed);
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    for (const { status } of ledger) met.set(status, (met.get(status) ?? 0) + 1);
  }
  // All of them came about, and more than by a freak.
  const often = [...met].filter(([, times]) => times > PLANS / 50).map(([status]) => status);
  expect(often.sort()).toEqual([
    ...['cancelled', 'failed', 'missing', 'not-needed', 'not-reached', 'over-budget'],
    ...['partial', 'refused', 'repaired', 'skipped', 'succeeded'],
  ]);
});

import { Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import { GIVING } from '../core/outcome/outcome.js';
import type { Acknowledged, InputsRow } from '../core/outcome/rows.js';
import type { Need } from '../core/plan/bindings.js';
import { versionOf } from '../core/plan/handOffs/compare.js';
import { sideOf } from '../core/plan/handOffs/handOff.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import { validator } from '../core/plan/validate.js';
import type { Effects, Lease } from './lease.js';
import { briefAt, type Inputs, isPaired, type Needing } from './outputs.js';
import type { Unit } from './unit.js';

/*
 * A brief takes what its needs delivered: it is read, held against what the brief expects, and acknowledged by a row.
 *  1. That comes before a condition, a template or an item reads it.
 *  2. A fan takes the outputs of its needs once, when it is expanded; an instance only that of the instance it is paired with.
 *  3. What nobody delivered breaks nothing: what becomes of the brief then is for its joins to say.
 *  4. Time runs from when the brief was started, for it waits for slots and locks before that.
 */

/** Findings that a failure names. */
const MOST_FINDINGS = 3;

/** The needs of which something is expected in this place. */
const expectedHere = (brief: Brief, { k }: Pick<Lease, 'k'>): readonly string[] =>
  Object.keys(brief.expects ?? {}).filter(
    (id) => !brief.forEach || isPaired(brief, id) === (k !== undefined),
  );

/**
 * The row that says what was given, and what of it is acknowledged; undefined where nothing is to be recorded.
 * @throws Failure `ContractViolation` where a need delivered what is not expected of it
 */
export function acknowledge(who: Needing, { needs, seen, row }: Inputs): InputsRow | undefined {
  const { plan, u } = who;
  const brief = briefAt(plan, u);
  const ids = expectedHere(brief, who);
  if (ids.length === 0) return row;
  const taken = ids.map((id): [string, Acknowledged] => {
    const need = needs[id]!;
    check(plan, brief, id, need);
    const output = plan.briefs.find((other) => other.id === id)?.output;
    const version = output && versionOf(output);
    const digests = seen[id]!.flatMap(({ digest }) => digest ?? []);
    return [id, { digests, ...(version !== undefined && { version }) }];
  });
  return { row: 'inputs', inputs: {}, ...row, acknowledged: Object.fromEntries(taken) };
}

function check(plan: Plan, brief: Brief, id: string, need: Need): void {
  const expected = brief.expects![id]!;
  const producer = plan.briefs.find((other) => other.id === id)!;
  for (const { label, output } of deliveries(brief, producer, need)) {
    const wrong = validator(expected)(output);
    if (wrong.length === 0) continue;
    const [giver, taker] = [sideOf(label, producer.output), sideOf(brief.id, expected)];
    throw new Failure(
      'ContractViolation',
      `${giver} delivered what ${taker} does not expect: ${wrong.slice(0, MOST_FINDINGS).join('; ')}. Mend \`${id}\`, or what \`${brief.id}\` \`expects\` of it.`,
      { unbegun: true },
    );
  }
}

/** What there is of it, by whom. */
function deliveries(brief: Brief, producer: Brief, { status, output }: Need) {
  const { id, forEach } = producer;
  if (!forEach || isPaired(brief, id)) return GIVING.has(status) ? [{ label: id, output }] : [];
  const instances = (output ?? []) as unknown as readonly (Need & { readonly key: string })[];
  return instances.flatMap(({ key, status, output }) =>
    GIVING.has(status) ? [{ label: `${id}[${key}]`, output }] : [],
  );
}

/**
 * Reads what a brief is given, within the time that it has to acknowledge what it expects.
 * @throws Failure `TimedOut`, naming who delivers and who does not acknowledge
 */
export async function inTime<T>(
  {
    plan,
    label,
    lease,
    effects: { clock },
  }: Pick<Unit, 'plan' | 'label' | 'lease'> & { readonly effects: Pick<Effects, 'clock'> },
  { inputs, fellBack }: Pick<UnitState, 'inputs' | 'fellBack'>,
  read: () => Promise<T>,
): Promise<T> {
  const brief = briefAt(plan, lease.u);
  const ids = expectedHere(brief, lease);
  if (ids.length === 0 || inputs?.acknowledged || fellBack) return read();
  const ms = brief.acknowledgeMs ?? Number.POSITIVE_INFINITY;
  const left = lease.scheduledAt + ms - clock.now();
  if (left <= 0) throw late(label, ids, ms);
  let cancel = () => {};
  const tooLate = new Promise<never>((_, reject) => {
    cancel = clock.after(left, () => reject(late(label, ids, ms)));
  });
  try {
    return await Promise.race([read(), tooLate]);
  } finally {
    cancel();
  }
}

const late = (label: string, needs: readonly string[], ms: number): Failure =>
  new Failure(
    'TimedOut',
    `\`${label}\` has not acknowledged what ${needs.map((id) => `\`${id}\``).join(', ')} delivered within ${ms / 1000} s of being started (\`acknowledge\`). Was a worker free, and can it read the store? \`muster doctor\` shows that; then give it more time, or the run more workers.`,
    { unbegun: true, permanent: true },
  );

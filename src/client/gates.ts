import { nameOf } from '../core/graph/node.js';
import type { Json, JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import { bytesOf, MAX_BY, MAX_NOTE } from '../core/outcome/gate.js';
import type { Shown } from '../core/plan/gate.js';
import { isGate } from '../core/plan/plan.js';
import { readValue } from '../engine/artifacts.js';
import { nodeOf } from '../engine/places.js';
import { loadPlan } from '../engine/plans.js';
import { listWithin, type RunEntry } from '../engine/runIndex.js';
import { readState } from '../engine/segments.js';
import type { Around } from './around.js';
import type { Gate, GateAnswer, Muster } from './surface.js';

/** Gates as people see and answer them. The workflow knows no more than digests; what is shown is read from the store. */
export function gatesOn({
  store,
  service,
  known,
}: Omit<Around, 'check'>): Pick<Muster, 'gates' | 'approve' | 'reject'> {
  async function asked({ id, first, closed }: RunEntry): Promise<readonly Gate[]> {
    const questions = closed ? [] : ((await (await service()).gates(id)) ?? []);
    const inOrder = [...questions].sort((a, b) => a.u - b.u || (a.k ?? 0) - (b.k ?? 0));
    const all = inOrder.map(async ({ u, k, ...question }) => {
      const { asked } = await readState(store, { run: first, unit: nameOf({ u, k }) });
      // Between the two looks it may have been answered, and asked again.
      if (asked?.ref.digest !== question.digest) return [];
      const { brief, key, title, context, ...shown } = (await readValue(
        store,
        asked.ref,
      )) as unknown as Shown;
      const label = key === undefined ? brief : `${brief}[${key}]`;
      const named = { run: id, brief: label, ...(title !== undefined && { title }) };
      return [{ ...named, question: shown.question, context, ...question }];
    });
    return (await Promise.all(all)).flat();
  }

  async function answer(
    how: 'approve' | 'reject',
    given: string,
    brief: string,
    { digest, by, note }: GateAnswer,
  ): Promise<boolean> {
    checkLength('by', by, MAX_BY);
    checkLength('note', note, MAX_NOTE);
    if (!/^[0-9a-f]{8,64}$/.test(digest))
      throw new Failure(
        'InvalidInput',
        'A digest is given by its first 8 hexadecimal digits, or more of them.',
      );
    const entry = await known(given);
    const node = await nodeOf(store, entry, brief);
    const { asked, final } = await readState(store, { run: entry.first, unit: nameOf(node) });
    if (!asked || final) return answered(entry, brief, how);
    const { digest: whole } = asked.ref;
    if (!whole.startsWith(digest))
      throw new Failure(
        'InvalidInput',
        `${digest} is not the digest of what ${brief} of ${entry.id} asks now. Look at that, and answer it: muster gates ${entry.id}`,
      );
    const said = {
      ...node,
      digest: whole,
      ...(by !== undefined && { by }),
      ...(note !== undefined && { note }),
    };
    const steered = await (await service()).update(entry.id, how, said);
    return steered ? steered.changed : answered(entry, brief, how);
  }

  /** Nothing is asked there: false where that very answer is on record. @throws Failure `InvalidInput` */
  async function answered(entry: RunEntry, brief: string, how: 'approve' | 'reject'): Promise<false> {
    const { plan } = await loadPlan(store, entry.plan);
    const { u, k } = await nodeOf(store, entry, brief);
    const wrong = (why: string) => new Failure('InvalidInput', `${brief} of ${entry.id} ${why}`);
    if (!isGate(plan.briefs[u]!)) throw wrong('is no gate: nobody is asked there.');
    const { final } = await readState(store, { run: entry.first, unit: nameOf({ u, k }) });
    if (!final) throw wrong(`asks nothing now. See what waits for an answer: muster gates ${entry.id}`);
    const value: Json = final.ref ? await readValue(store, final.ref) : null;
    if (!isAnswer(value)) throw wrong(`has ended: ${final.reason?.message ?? final.status}`);
    const { approved, by, note, at } = value;
    if (approved === (how === 'approve')) return false;
    const who = `${approved ? 'approved' : 'rejected'}${by === null ? '' : ` by ${by}`} at ${at}`;
    throw wrong(`was ${who}${note === null ? '' : `: ${note}`}. The first answer counts.`);
  }

  return {
    async gates(given) {
      const run = await known(given);
      const all = [run, ...(await listWithin(store, run))].map(asked);
      return (await Promise.all(all)).flat();
    },
    approve: (given, brief, said) => answer('approve', given, brief, said),
    reject: (given, brief, said) => answer('reject', given, brief, said),
  };
}

function checkLength(what: string, text: string | undefined, most: number): void {
  const length = text === undefined ? 0 : bytesOf(text);
  if (length > most)
    throw new Failure(
      'InvalidInput',
      `\`${what}\` has ${length} bytes, over the maximum of ${most}. Say it in fewer words.`,
    );
}

/** What a gate that was answered leaves. */
const isAnswer = (value: Json): value is JsonObject & { readonly approved: boolean } =>
  typeof value === 'object' && value !== null && 'approved' in value && 'at' in value;

import type { Digest, Json } from '../../core/outcome/canonical.js';
import type { UnitState } from '../../core/outcome/fold.js';
import { after, BEGINNING, type Bounds, carriedOut, type Standing } from '../../core/outcome/toolLoop.js';
import { data, type Message, type ToolCall } from '../../core/plan/prompt.js';
import { plainName } from '../../core/plan/tools.js';
import type { Store } from '../../ports/store.js';
import type { Told } from '../../ports/tools.js';
import { readValue } from '../artifacts.js';
import { type Place, readState } from '../segments.js';

/** What a model gave in a turn: an answer, or calls. */
export interface Turn {
  readonly text?: string;
  /** Of an answer that has a schema. */
  readonly value?: Json;
  readonly calls?: readonly ToolCall[];
}

/** Log of a turn, or of a call of it. @param at log of the unit */
export const stepAt = ({ run, unit }: Place, loop: number, turn: number, call?: number): Place => ({
  run,
  unit: `${unit}-${loop}.${turn}${call === undefined ? '' : `.${call}`}`,
});

export async function turnIn(store: Store, { final }: UnitState): Promise<Turn | undefined> {
  if (final?.status !== 'succeeded' || !final.ref) return undefined;
  return (await readValue(store, final.ref)) as unknown as Turn;
}

/** All that was said since the beginning, and how things stand then. */
export interface Conversation {
  readonly messages: readonly Message[];
  readonly standing: Standing;
}

/**
 * What was said before a turn: recorded all of it, so whoever goes on says the same.
 * @param at log of the unit
 */
export async function conversation(
  { store, digest }: { readonly store: Store; readonly digest: Digest },
  at: Place,
  { loop, turn, bounds }: { readonly loop: number; readonly turn: number; readonly bounds: Bounds },
): Promise<Conversation> {
  const messages: Message[] = [];
  let standing: Standing = BEGINNING;
  while (standing.turn < turn) {
    const said = (await turnIn(store, await readState(store, stepAt(at, loop, standing.turn))))!;
    const { text = '', calls = [] } = said;
    const most = carriedOut(bounds, standing, calls.length);
    const told = await Promise.all(
      calls.map((_, i) => (i < most ? toldIn(store, stepAt(at, loop, standing.turn, i + 1)) : NONE_LEFT)),
    );
    messages.push({ role: 'assistant', content: text, calls });
    for (const [i, { id, name }] of calls.entries())
      messages.push({ role: 'tool', of: id, content: shown(name, told[i]!, digest) });
    standing = after(bounds, standing, calls.length)!;
  }
  return { messages, standing };
}

async function toldIn(store: Store, place: Place): Promise<Told> {
  const { final } = await readState(store, place);
  if (final?.ref) return (await readValue(store, final.ref)) as unknown as Told;
  return { text: final?.reason?.message ?? UNKNOWN, isError: true };
}

const UNKNOWN = 'It came to no end that was recorded: nobody knows whether it took place.';

/** What a tool gives is material, as the files are that a prompt holds. */
const shown = (name: string, { text, isError }: Told, digest: Digest): string =>
  data(`${isError ? 'error' : 'result'} of ${plainName(name)}`, text, digest);

const NONE_LEFT: Told = {
  text: 'It was not called: no more calls are allowed. Answer with what there is.',
  isError: true,
};

import { packed } from '../core/integrate/packed.js';
import type { ModelQuestion } from '../core/integrate/question.js';
import type { Draft } from '../core/integrate/report.js';
import { pathOf } from '../core/integrate/select.js';
import {
  type Check,
  checkOf,
  findingsOf,
  type Held,
  heldNotes,
  heldText,
} from '../core/integrate/synthesis/held.js';
import { type Note, noted, type Piece, piecesOf } from '../core/integrate/synthesis/material.js';
import type { Paragraph, Prose, Section } from '../core/integrate/synthesis/prose.js';
import {
  lengthOfPiece,
  notesOn,
  textOf,
  toBeMended,
  type Writing,
} from '../core/integrate/synthesis/write.js';
import { inWords } from '../core/integrate/words.js';
import type { Digest, Json } from '../core/outcome/canonical.js';
import type { WrittenSection } from '../core/plan/integration.js';
import { lengthOf, MAX_PROMPT } from '../core/plan/prompt.js';
import type { Interview } from './interview.js';

/*
 * The answer in words.
 *  1. A model writes it, section by section; code holds every sentence against what it cites before it is used.
 *  2. What is not borne out goes back to the writer for so many rounds; what is still not is left out, and listed.
 *  3. What is too long to be written from at once becomes notes first, part by part, and notes of notes; no call is shown
 *     more than the window.
 */

interface Desk extends Writing {
  readonly interview: Interview;
  readonly check: Check;
  readonly rounds: number;
  /** Characters of material that one call is shown. */
  readonly window: number;
}

/** Undefined where the plan wants no text. */
export async function proseOf(
  draft: Draft,
  interview: Interview,
  digest: Digest,
): Promise<Prose | undefined> {
  const { plan, holes } = draft;
  const { synthesize } = plan.integrate;
  if (!synthesize) return undefined;
  const { model, window, rounds, sections } = synthesize;
  const desk = { ...{ plan, model, holes, digest, interview, rounds, window }, check: checkOf(draft) };
  return { sections: await interview.each(sections, (section) => written(section, draft, desk)) };
}

async function written(to: WrittenSection, draft: Draft, desk: Desk): Promise<Section> {
  const { title } = to;
  const all = piecesOf(draft, to.in, Math.floor(desk.window / 2));
  if (all.length === 0)
    return { title, paragraphs: [], failed: `\`${to.in ?? '$'}\` selects nothing to write from.` };
  const names = to.covers === undefined ? [] : pathOf(to.covers).all(draft.merged.data).map(inWords);
  const { pieces, rejected, failed } = await brought(to, all, desk);
  if (failed !== undefined) return { title, paragraphs: [], failed };
  const text = await mended<readonly Paragraph[]>(textOf(desk, to, pieces, names), desk, (value) =>
    heldText(value, desk.check, names),
  );
  if ('failed' in text) return { title, paragraphs: [], failed: text.failed };
  const out = [...rejected, ...text.rejected];
  return {
    ...{ title, paragraphs: text.good },
    ...(out.length > 0 && { rejected: out }),
    ...(text.lacking.length > 0 && { lacking: text.lacking }),
    ...(text.good.length === 0 && { failed: 'Nothing that the writer said is borne out by what it cites.' }),
  };
}

/** Pieces that one call can be shown, with what of the notes on them was not borne out. */
async function brought(
  to: WrittenSection,
  all: readonly Piece[],
  desk: Desk,
): Promise<{
  readonly pieces: readonly Piece[];
  readonly rejected: Held<never>['rejected'];
  readonly failed?: string;
}> {
  let pieces = all;
  const rejected: Held<never>['rejected'][number][] = [];
  while (sizeOf(pieces) > desk.window) {
    const parts = packed(pieces, lengthOfPiece, desk.window);
    const notes = await desk.interview.each(parts, (part) =>
      mended<readonly Note[]>(notesOn(desk, to, part), desk, (value) => heldNotes(value, desk.check)),
    );
    const failed = notes.find((one) => 'failed' in one);
    if (failed && 'failed' in failed) return { pieces, rejected, failed: failed.failed };
    const held = notes as readonly Held<readonly Note[]>[];
    rejected.push(...held.flatMap((one) => one.rejected));
    const next = noted(held.flatMap(({ good }) => good));
    if (sizeOf(next) >= sizeOf(pieces))
      return { pieces, rejected, failed: 'The notes on its material are no shorter than that is.' };
    pieces = next;
  }
  return { pieces, rejected };
}

const sizeOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + lengthOfPiece(piece), 0);

/** With less found wrong; anything before nothing. */
const isBetter = (a: Held<unknown>, b: Held<unknown>): boolean =>
  (a.empty ?? false) === (b.empty ?? false) ? findingsOf(a).length < findingsOf(b).length : b.empty === true;

/** Asks until nothing is found wrong, or all rounds are over; then the best of what came. */
async function mended<T>(
  first: ModelQuestion,
  { interview, rounds, digest }: Desk,
  held: (value: Json) => Held<T>,
): Promise<Held<T> | { readonly failed: string }> {
  let best: Held<T> | undefined;
  let question = first;
  for (let round = 0; round <= rounds; round++) {
    const length = lengthOf(question.work.messages);
    if (length > MAX_PROMPT)
      return (
        best ?? {
          failed: `What the writer is to be shown has ${length.toLocaleString('en')} characters, over the maximum of ${MAX_PROMPT.toLocaleString('en')}. Take a smaller \`window\`, or fewer names for \`covers\`.`,
        }
      );
    const reply = await interview.ask(question);
    if ('failure' in reply) return best ?? { failed: reply.failure.message };
    const found = held(reply.value);
    if (!best || isBetter(found, best)) best = found;
    if (findingsOf(found).length === 0) break;
    question = toBeMended(first, reply.value, findingsOf(found), digest);
  }
  return best!;
}

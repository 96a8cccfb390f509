import type { Json } from '../../outcome/canonical.js';
import { sourcesOf } from '../citable.js';
import { checkerOf } from '../evidence/check.js';
import { hasWords, plainText } from '../evidence/quotations.js';
import type { Finding, Part, Source, Statement } from '../evidence/statement.js';
import { labelOf } from '../expected.js';
import type { Draft } from '../report.js';
import type { Note } from './material.js';
import type { Paragraph, Section, Sentence } from './prose.js';
import { gapOf } from './write.js';

/** Of a sentence: what those it cites do not bear out. */
export type Check = (sentence: Statement) => readonly Finding[];

/** Markup, links that run, and characters that hide or turn what stands beside them: nobody writes them in a plain sentence. */
const ODD =
  /<\/?[a-z!][^<>]*>?|\b(?:javascript|vbscript):\S+|\bdata:text\/\S+|(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/giu;

/** Holds sentences against what briefs delivered, and against what is known of those that delivered nothing. */
export function checkOf(draft: Draft): Check {
  const sources = new Map<string, Source>(sourcesOf('outputs', draft));
  for (const hole of draft.holes) {
    const gap: Part = { text: gapOf(hole) };
    for (const label of new Set([labelOf(hole), hole.brief]))
      sources.set(label, [...(sources.get(label) ?? []), gap]);
  }
  return checkerOf(sources);
}

/** What a writer gave, with what of it is not borne out taken out. */
export interface Held<T> {
  readonly good: T;
  readonly rejected: NonNullable<Section['rejected']>;
  readonly lacking: readonly string[];
  /** Nothing of it is left. */
  readonly empty?: true;
}

export function heldNotes(value: Json, check: Check): Held<readonly Note[]> {
  const { notes } = value as unknown as { readonly notes: readonly Note[] };
  const rejected = rejectedOf(notes, check);
  const out = new Set(rejected.map(({ text }) => text));
  return { good: notes.filter(({ text }) => !out.has(text)), rejected, lacking: [] };
}

/** @param names what the text is to speak of */
export function heldText(value: Json, check: Check, names: readonly string[]): Held<readonly Paragraph[]> {
  const { paragraphs } = value as unknown as {
    readonly paragraphs: readonly { readonly sentences: readonly Sentence[] }[];
  };
  const rejected = rejectedOf(
    paragraphs.flatMap(({ sentences }) => sentences),
    check,
  );
  const out = new Set(rejected.map(({ text }) => text));
  const good = paragraphs
    .map(({ sentences }) => sentences.filter(({ text }) => text.trim() !== '' && !out.has(text)))
    .filter((sentences) => sentences.length > 0);
  const text = plainText(
    good.flatMap((sentences) => sentences.map((one) => one.text)).join(' '),
  ).toLowerCase();
  return {
    ...{ good, rejected, lacking: names.filter((name) => !hasWords(text, name.toLowerCase())) },
    ...(good.length === 0 && { empty: true }),
  };
}

const rejectedOf = (sentences: readonly Sentence[], check: Check): Held<never>['rejected'] =>
  sentences.flatMap(({ text, cites }) => {
    const odd = (text.match(ODD) ?? []).flatMap((one) => check({ text: one, cites, verbatim: true }));
    const findings = text.trim() === '' ? [] : [...check({ text, cites }), ...odd];
    return findings.length > 0 ? [{ text, cites, findings }] : [];
  });

/** What a writer is told. */
export const findingsOf = ({ rejected, lacking, empty }: Held<unknown>): readonly string[] => [
  ...(empty ? ['it has no sentence that is borne out by what it cites'] : []),
  ...rejected.map(
    ({ text, findings }) =>
      `“${text}”: ${findings.map(({ kind, token, why }) => (token === '' ? why : `${kind} “${token}” is ${why}`)).join('; ')}`,
  ),
  ...lacking.map((name) => `it does not speak of “${name}”`),
];

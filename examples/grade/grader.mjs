import { createHash } from 'node:crypto';
import { materialIn } from '../research/material.mjs';

/*
 * How the stand-in grades: it counts what the rubric speaks of, in the document that is in the prompt. One that is asked as the
 * small model is wrong by one now and then, so that graders differ; which time, the key of the question decides.
 */
const OPEN = /\b(not|no|never|instead|against|rather than|left out|without)\b/i;

export function grade({ prompt, model, properties, key }) {
  const { name: document, text } = materialIn(prompt).find(({ kind }) => kind === 'file') ?? {};
  if (!properties.grade || text === undefined) return undefined;
  const sentences = sentencesOf(text);
  const words = sentences.map((sentence) => sentence.split(/\s+/).length);
  const average = words.reduce((sum, one) => sum + one, 0) / Math.max(1, words.length);
  const lost = [
    average > 20 && longest(sentences),
    average > 28 && longest(sentences),
    !/^#+ /m.test(text) && sentences[0],
    !sentences.some((sentence) => OPEN.test(sentence)) && sentences[0],
  ].filter(Boolean);
  const quote = lost[0] ?? sentences[0] ?? text.trim().split('\n')[0];
  return { document, grade: Math.min(5, Math.max(1, 5 - lost.length + slip(model, key))), quote };
}

const longest = (sentences) => sentences.reduce((most, one) => (one.length > most.length ? one : most));

/** One time in four the small model is one off, half of these up and half of them down. */
function slip(model, key) {
  if (!/nano/.test(model)) return 0;
  const [byte] = createHash('sha256').update(key).digest();
  return byte < 32 ? -1 : byte < 64 ? 1 : 0;
}

/** Of its paragraphs and lists: headings, tables and code are no sentences. */
function sentencesOf(text) {
  return text
    .replace(/^ *(```+|~~~+)[\s\S]*?^ *\1 *$/gm, '\n')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .filter((block) => !/^\s*[#|<]/.test(block))
    .flatMap((block) =>
      block
        .replace(/^\s*(?:[-*>]|\d+\.) +/, '')
        .replace(/\s+/g, ' ')
        .split(/(?<=[.!?]\**) (?=[*`]*\p{Lu})/u),
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[.!?]\**$/.test(sentence));
}

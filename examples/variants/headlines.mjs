import { nearest, sentencesOf } from '../research/extract.mjs';
import { lineOf, materialIn } from '../research/material.mjs';

/*
 * How the stand-in writes: a headline is how a sentence of the document begins, each variant takes another sentence.
 *  1. The second is too long where nobody has said so yet.
 *  2. The last says what the first one says, but for its first word.
 */
/** One less than is allowed: the last variant is longer by a colon. */
const LONGEST = 59;
const TOO_LONG = 2;

export function write({ prompt, properties }) {
  const material = materialIn(prompt);
  if (properties.order) return ranking(material.filter(({ kind }) => kind === 'variant'));
  const { name: source, text } = material.find(({ kind }) => kind === 'file') ?? {};
  const sentences = sentencesOf(text ?? '').map((quote) => ({ quote, source }));
  if (sentences.length === 0) return undefined;
  if (properties.because) return teaser(lineOf(prompt, 'Headline'), sentences);
  return properties.headline && headline(prompt, sentences);
}

function headline(prompt, sentences) {
  const [, n, of] = /^This is variant (\d+) of (\d+)\./m.exec(prompt) ?? [];
  if (n === undefined) return undefined;
  const said = sentences[(n === of ? 0 : n - 1) % sentences.length];
  const plain = said.quote.replace(/[*`]|\]\(.*?\)|\[|[.!?]+\**$/g, '');
  const tooLong = Number(n) === TOO_LONG && !prompt.includes('An earlier answer was rejected');
  const begins = tooLong ? plain : begun(plain);
  return { headline: n === of ? begins.replace(/^\S+/, '$&:') : begins, ...said };
}

/** Up to the last comma or the like that there is room for; else as many words as there is room for, none of them short. */
function begun(text) {
  if (text.length <= LONGEST) return text;
  const room = text.slice(0, LONGEST);
  const words = room.slice(0, room.lastIndexOf(' ')).replace(/(?:\s+\S{1,3})+$/, '');
  return (/^.{20,}(?=[,;:(] )/.exec(room)?.[0] ?? words).replace(/[\s,;:(]+$/, '');
}

/** Those first whose words others use as well. */
function ranking(variants) {
  const all = variants.map(({ name, text }) => {
    const { headline } = JSON.parse(text);
    return { n: Number(name), headline, words: new Set(headline.toLowerCase().match(/\p{L}{4,}/gu)) };
  });
  const shared = ({ words }) => all.flatMap((one) => [...one.words]).filter((word) => words.has(word)).length;
  const order = all.sort((a, b) => shared(b) - shared(a) || (a.headline < b.headline ? -1 : 1));
  return { order: order.map(({ n }) => n), finding: 'Those come first whose words others use as well.' };
}

/** The sentences nearest to the headline. */
function teaser(headline, sentences) {
  const because = nearest(sentences, headline, () => 1).slice(0, 2);
  return because.length > 0
    ? { headline, text: because.map(({ quote }) => quote).join(' '), because }
    : undefined;
}

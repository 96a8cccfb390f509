import { lineOf, materialIn } from './material.mjs';

/*
 * How the stand-in answers: it picks sentences and words of what is in the prompt, and makes up none. What is asked it takes from
 * the lines `Question:` and `Topic:` of the task, what it may use from the documents and outcomes between Muster's marks.
 * A sentence is near to a question by the words they share; a word counts the more, the fewer documents it is in. Words are the
 * same where their first letters are.
 */
const MOST_TOPICS = 5;
const MOST_FINDINGS = 3;
const LETTERS = 5;
/** Sentences nearest to the question, among which topics are looked for. */
const NEAR = 60;

/** By the property that an answer must have. */
export const ANSWERS = { topics, findings, holds: weighed, answered: verdict, paragraphs: text };

/** What there is in a prompt of Muster. */
export function read(prompt) {
  const data = materialIn(prompt);
  const of = (one) => data.filter(({ kind }) => kind === one);
  return {
    question: lineOf(prompt, 'Question'),
    topic: lineOf(prompt, 'Topic'),
    sentences: of('file').flatMap(({ name, text }) =>
      sentencesOf(text).map((quote) => ({ quote, source: name })),
    ),
    outcomes: of('outcome of').flatMap(({ text }) => (text.startsWith('missing') ? [] : JSON.parse(text))),
    viewpoint: /^Do the task from this viewpoint, and from no other: (\w+)/m.exec(prompt)?.[1],
    views: of('the view').flatMap(({ text }) => (text === 'missing' ? [] : JSON.parse(text))),
    strict: /^Be strict/m.test(prompt),
    material: of('from').map(({ name, text }) => ({ labels: name, text })),
  };
}

/** The words that are said most often near the question, the rare ones first. */
function topics({ question, sentences }) {
  const rarity = rarityIn(sentences);
  const asked = new Set(stems(question));
  const counts = new Map();
  for (const { quote } of nearest(sentences, question, rarity).slice(0, NEAR)) {
    for (const word of new Set(wordsOf(quote)))
      if (!asked.has(stemOf(word))) counts.set(word, (counts.get(word) ?? 0) + rarity(stemOf(word)));
  }
  const best = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([word]) => word);
  const apart = best.filter((word, n) => best.findIndex((other) => stemOf(other) === stemOf(word)) === n);
  return { topics: apart.slice(0, MOST_TOPICS) };
}

/** Of the sentences that speak of the topic, those nearest to the question. */
function findings({ question, topic, sentences }) {
  const about = sentences.filter(({ quote }) => stems(topic).every((stem) => stems(quote).includes(stem)));
  const near = nearest(about, question, rarityIn(sentences)).slice(0, MOST_FINDINGS);
  return { findings: near.map(({ quote, source }) => ({ statement: quote, quote, source })) };
}

/** What was found, each once. */
const foundIn = (outcomes) => {
  const found = outcomes.flatMap(({ output }) => output?.findings ?? []);
  return found.filter((one, n) => found.findIndex(({ quote }) => quote === one.quote) === n);
};

/** Words of the question, by their first letters, that none of the texts has. */
const unsaid = (question, texts) => {
  const said = new Set(texts.flatMap(stems));
  return [...new Map(wordsOf(question).map((word) => [stemOf(word), word]))].flatMap(([stem, word]) =>
    said.has(stem) ? [] : [word],
  );
};

/** From one side; or of all sides together, what two of them hold and all that is open. */
function weighed({ question, outcomes, viewpoint, views }) {
  const found = foundIn(outcomes);
  if (views.length > 0) {
    const held = views.flatMap(({ holds }) => holds.map(({ quote }) => quote));
    const twice = found.filter(({ quote }) => held.filter((one) => one === quote).length > 1);
    return { holds: quoted(twice), open: [...new Set(views.flatMap(({ open }) => open))] };
  }
  const near = nearest(found, question, rarityIn(found));
  return SIDES[viewpoint]?.({ question, outcomes, found, near });
}

const SIDES = {
  supporter: ({ near }) => ({ holds: quoted(near.slice(0, MOST_FINDINGS)), open: [] }),
  practitioner: ({ near }) => ({ holds: quoted(near.slice(0, 2 * MOST_FINDINGS)), open: [] }),
  sceptic({ question, outcomes, found, near }) {
    const texts = found.map(({ quote }) => quote);
    const topics = outcomes
      .filter(({ output }) => !output)
      .map(({ key }) => `Nothing was found about ${key}.`);
    const words = unsaid(question, texts).map((word) => `No finding says “${word}”.`);
    return { holds: quoted(near.slice(0, 1)), open: [...topics, ...words] };
  },
};

const quoted = (found) => found.map(({ quote, source }) => ({ quote, source }));

/**
 * The findings nearest to the question. It has no answer of its own: there is one where they have half the words of the question,
 * and for who is strict only where nothing is open.
 */
function verdict({ question, outcomes, strict }) {
  const found = foundIn(outcomes);
  const near = nearest(found, question, rarityIn(found)).slice(0, MOST_FINDINGS);
  const texts = near.map(({ quote }) => quote);
  const open = outcomes.flatMap((one) => one.open ?? []);
  const partly = strict ? open.length > 0 : unsaid(question, texts).length > stems(question).length / 2;
  return {
    answered: near.length === 0 ? 'no' : partly ? 'partly' : 'yes',
    answer: near[0]?.quote ?? 'The documents do not say.',
    because: quoted(near),
  };
}

/** The findings nearest to the question, each with those who found it. What briefs did not find is no finding. */
function text({ question, material }) {
  const found = material.flatMap(({ labels, text }) =>
    text.startsWith('{') ? { ...JSON.parse(text), cites: JSON.parse(`[${labels}]`) } : [],
  );
  const near = nearest(found, question, rarityIn(found)).slice(0, MOST_FINDINGS);
  return { paragraphs: [{ sentences: near.map(({ quote, cites }) => ({ text: quote, cites })) }] };
}

/** Long sentences share words with anything: their length counts against them. */
export function nearest(sentences, text, rarity) {
  const wanted = new Set(stems(text));
  return sentences
    .map((one) => {
      const all = stems(one.quote);
      const shared = [...new Set(all)].filter((stem) => wanted.has(stem));
      return { one, near: shared.reduce((sum, stem) => sum + rarity(stem), 0) / Math.sqrt(all.length) };
    })
    .filter(({ near }) => near > 0)
    .sort((a, b) => b.near - a.near || (a.one.quote < b.one.quote ? -1 : 1))
    .map(({ one }) => one);
}

/** The more, the fewer of the documents have a word. */
function rarityIn(sentences) {
  const places = new Map();
  for (const { quote, source } of sentences)
    for (const stem of stems(quote)) places.set(stem, (places.get(stem) ?? new Set()).add(source));
  const documents = new Set(sentences.map(({ source }) => source)).size;
  return (stem) => Math.log(1 + documents / (places.get(stem)?.size ?? documents)) ** 2;
}

/** Headings, tables and code are no sentences. */
export function sentencesOf(text) {
  return text
    .replace(/^ *(```+|~~~+)[\s\S]*?^ *\1 *$/gm, '\n')
    .replace(/^ *[-*>] +|^\d+\. +/gm, '\n')
    .split(/\n\s*\n/)
    .filter((block) => !/^\s*[#|<]/.test(block))
    .flatMap((block) => block.replace(/\s+/g, ' ').split(/(?<=[.!?]\**) (?=[*`]*\p{Lu})/u))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[.!?]\**$/.test(sentence) && wordsOf(sentence).length > 3);
}

const wordsOf = (text) => text.toLowerCase().match(/\p{L}[\p{L}\p{M}]{3,}/gu) ?? [];
const stemOf = (word) => word.slice(0, LETTERS);
const stems = (text) => wordsOf(text).map(stemOf);

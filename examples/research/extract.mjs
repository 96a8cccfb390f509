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
export const ANSWERS = { topics, findings, answer: verdict, paragraphs: text };

/** What there is in a prompt of Muster. */
export function read(prompt) {
  const data = [...prompt.matchAll(/^<<< data (\w+): (file|outcome of|from) (.+)\n([\s\S]*?)\n\1 >>>$/gm)];
  const line = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(prompt)?.[1] ?? '';
  const of = (kind) => data.filter((one) => one[2] === kind);
  return {
    question: line('Question'),
    topic: line('Topic'),
    sentences: of('file').flatMap(([, , , source, text]) =>
      sentencesOf(text).map((quote) => ({ quote, source })),
    ),
    outcomes: of('outcome of').flatMap(([, , , , text]) => JSON.parse(text)),
    material: of('from').map(([, , , labels, text]) => ({ labels, text })),
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

/** The findings nearest to the question. It has no answer of its own. */
function verdict({ question, outcomes }) {
  const found = outcomes.flatMap(({ output }) => output?.findings ?? []);
  const apart = found.filter((one, n) => found.findIndex(({ quote }) => quote === one.quote) === n);
  const near = nearest(apart, question, rarityIn(apart)).slice(0, MOST_FINDINGS);
  return {
    answer: near[0]?.quote ?? 'The documents do not say.',
    because: near.map(({ quote, source }) => ({ quote, source })),
    open: outcomes.filter(({ output }) => !output).map(({ key }) => `Nothing was found about ${key}.`),
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
function nearest(sentences, text, rarity) {
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

/** 0 for a word that every document has. */
function rarityIn(sentences) {
  const places = new Map();
  for (const { quote, source } of sentences)
    for (const stem of stems(quote)) places.set(stem, (places.get(stem) ?? new Set()).add(source));
  const documents = new Set(sentences.map(({ source }) => source)).size;
  return (stem) => Math.log((documents + 1) / (1 + (places.get(stem)?.size ?? documents)));
}

/** Headings, tables and code are no sentences. */
function sentencesOf(text) {
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

import type { Name } from './names.js';
import { type Mention, wordSet } from './passages.js';
import type { Token } from './token.js';

const RESPECTIVELY = /\b(?:respectively|respectivement|respectivamente|rispettivamente|beziehungsweise)\b/i;

/** `Orion and Vega cost 19 and 24, respectively`: the first figure is the first name's, and so on. */
export function pairsOf(
  sentence: string,
  tokens: readonly Token[],
  entities: readonly Name[],
): ReadonlyMap<Token, Name> | undefined {
  if (!RESPECTIVELY.test(sentence)) return undefined;
  const figures = tokens.filter(({ kind }) => kind === 'figure');
  const names = [...new Map(entities.map((name) => [name.at, name])).values()];
  return figures.length === names.length ? new Map(figures.map((token, n) => [token, names[n]!])) : undefined;
}

/** A figure as if it stood alone with its name. */
export function onlyOf(name: Name, { passage, ...mention }: Mention): Mention {
  const others = new Set(passage.names.filter((one) => one.at !== name.at).flatMap(({ words }) => words));
  const words = new Set([...passage.words, ...wordSet(name.words)].filter((word) => !others.has(word)));
  const topics = mention.topics.filter((word) => !others.has(word));
  return { ...mention, topics, passage: { ...passage, words, names: [name] } };
}

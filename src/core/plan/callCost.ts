import { type Price, priced } from '../budget/prices.js';
import type { Amount } from '../outcome/amount.js';
import { lengthOf } from './prompt.js';
import type { AskWork } from './render.js';

/** Of one token, in English and in code; other writing has fewer. */
const CHARACTERS = 4;
/** Of an answer whose length nothing limits. */
export const ANSWER_TOKENS = 1_000;

export const tokensIn = (characters: number): number => Math.ceil(characters / CHARACTERS);

/** What a call is reckoned to take before anybody knows. @param price absent: it is not known */
export const expected = (work: AskWork, price: Price | undefined): Amount =>
  priced(promptTokens(work), work.maxTokens ?? ANSWER_TOKENS, price);

/** What a call likely took that was answered so, where nobody says. */
export const likely = (work: AskWork, answer: string, price: Price | undefined): Amount =>
  priced(promptTokens(work), tokensIn(answer.length), price);

const promptTokens = ({ messages, schema, tools }: AskWork): number =>
  tokensIn(lengthOf(messages) + lengthAsJson(schema) + lengthAsJson(tools));
const lengthAsJson = (given: object | undefined): number => (given ? JSON.stringify(given).length : 0);

/**
 * What a call will take in tokens, before it is made: from what calls of the same model took. A mean and what calls differ
 * from it, twice that on top (as Jacobson's timer does, 1988): too much is given back when the call ends, too little is a debt.
 */
export interface Estimate {
  readonly tokensPerCharacter: number;
  readonly answer: number;
  readonly deviation: number;
  /** Nothing was seen yet. */
  readonly isGuess?: true;
}

/** Rather too much: what is let go before anybody knows is let go at once by every worker. */
export const UNKNOWN: Estimate = { tokensPerCharacter: 0.25, answer: 1000, deviation: 500, isGuess: true };

/** How much the last call counts. */
const NEW = 1 / 8;

/** @param most tokens of the answer, where that is limited */
export const expected = (
  { tokensPerCharacter, answer, deviation }: Estimate,
  characters: number,
  most = Number.POSITIVE_INFINITY,
): number => Math.ceil(tokensPerCharacter * characters + Math.min(answer + 2 * deviation, most));

export function learned(
  before: Estimate,
  characters: number,
  { input, output }: { readonly input: number; readonly output: number },
): Estimate {
  // What is seen first counts alone.
  if (before.isGuess)
    return {
      tokensPerCharacter: characters > 0 ? input / characters : before.tokensPerCharacter,
      ...{ answer: output, deviation: output / 2 },
    };
  const towards = (old: number, seen: number) => old + NEW * (seen - old);
  return {
    tokensPerCharacter:
      characters > 0 ? towards(before.tokensPerCharacter, input / characters) : before.tokensPerCharacter,
    answer: towards(before.answer, output),
    deviation: towards(before.deviation, Math.abs(output - before.answer)),
  };
}

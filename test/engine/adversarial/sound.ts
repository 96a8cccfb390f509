import type { Json } from '../../../src/core/outcome/canonical.js';
import { type Body, textShown } from './endpoint.js';
import { CITIES, PARKS } from './parks.js';

/** Who is asked. */
export type Role = 'writer' | 'judge' | 'chooser';

export const sentence = (text: string, ...cites: readonly string[]): Json => ({ text, cites });
export const draft = (...sentences: readonly Json[]): Json => ({ paragraphs: [{ sentences }] });
export const GOOD = CITIES.map((city, n) => sentence(`${city} has ${PARKS[n]} parks.`, `count[${city}]`));

/** The four statements that a judge is asked of, each with what it is there for. */
export const statementsIn = (body: Body): readonly { readonly id: string; readonly role: string }[] => {
  const text = textShown(body);
  const work = text.slice(text.search(/<<< data [0-9a-f]{16}: the work/));
  const [statements = ''] = text.split('## Statements\n')[1]!.split('\n\n');
  return [...statements.matchAll(/^([abcd]): (.*)$/gm)].map(([, id = '', says = '']) => {
    const words = /^The work has these words: (.*)$/.exec(says)?.[1];
    if (words !== undefined) return { id, role: work.includes(words) ? 'true' : 'false' };
    return { id, role: says.startsWith('It is not so') ? 'opposite' : 'asked' };
  });
};
/** Verdicts on the four statements. */
export const verdicts = (
  body: Body,
  holds: (role: string) => boolean,
  quotes: readonly string[] = [],
): Json =>
  Object.fromEntries(
    statementsIn(body).map(({ id, role }) => [
      id,
      { holds: holds(role), finding: `It is ${role}.`, quotes: role === 'asked' ? quotes : [] },
    ]),
  );
/** The values between which it is to choose, in the order shown. */
export const valuesIn = (body: Body): readonly string[] =>
  [...textShown(body).matchAll(/<<< data [0-9a-f]{16}: value \d+\n"?([^"\n]*)"?\n/g)].map(
    ([, value]) => value!,
  );
export const chosen = (body: Body, value: string): Json => ({
  choice: `${valuesIn(body).indexOf(value) + 1}`,
  finding: 'The register is newer.',
});

/** What each says where nothing is wrong with it. */
export const SOUND: { readonly [role in Role]: (body: Body) => Json } = {
  writer: () => draft(...GOOD),
  judge: (body) => verdicts(body, (role) => role === 'asked' || role === 'true', ['opened the first park']),
  chooser: (body) => chosen(body, 'outer'),
};

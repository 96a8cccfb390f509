import { fitting, namesAbout, sameUnit } from './fits.js';
import type { Known } from './known.js';
import { type Library, libraryOf } from './library.js';
import type { Mention, Named } from './passages.js';
import { quotationsIn } from './quotations.js';
import { emptyReading, readText } from './read.js';
import { knows, type Shelf } from './shelf.js';
import type { Finding, Source, Statement, Why } from './statement.js';
import { isOfUnits } from './token.js';
import { wordsOf } from './words.js';

/*
 *  1. What a statement says in figures, dates, quotations, names and links must be found in what it cites.
 *  2. A figure or date must be found about the same subject.
 *  3. How something is written does not count; a digit or a word that is another one always does.
 *  4. Found is not true: nobody asks whether the source is right.
 *  5. Each source is read once, when it is first needed; time is linear in the length of the texts.
 */

/** Longer quotations speak for themselves: what they say of whom is theirs. */
const OWN_WORDS = 5;

/** @returns what the cited sources do not bear out of a statement; nothing: it is found in the cited results */
export function checkerOf(
  sources: ReadonlyMap<string, Source>,
): (statement: Statement) => readonly Finding[] {
  const library = libraryOf(sources);
  return ({ text, cites, verbatim = false }) => {
    if (cites.length === 0) return [{ token: '', kind: 'citation', why: 'no brief cited' }];
    const known = cites.filter(library.has);
    const unknown = cites
      .filter((label) => !library.has(label))
      .map((token): Finding => ({ token, kind: 'citation', why: 'unknown id' }));
    if (known.length === 0) return unknown;
    const cited = library.shelves(known);
    return [...unknown, ...(verbatim ? quoted(text, cited, library) : held(text, cited, library))];
  };
}

/** A text that is a quotation as a whole. */
function quoted(text: string, cited: readonly Shelf[], { anywhere }: Library): Finding[] {
  if (cited.some((shelf) => shelf.says(text))) return [];
  const why = anywhere.says(text) ? "in another brief's result" : 'not in the cited result';
  return [{ token: text, kind: 'quotation', why }];
}

function held(text: string, cited: readonly Shelf[], { anywhere }: Library): Finding[] {
  const findings: Finding[] = [];
  const lacking = (token: string, kind: Finding['kind'], elsewhere: boolean) =>
    findings.push({ token, kind, why: elsewhere ? "in another brief's result" : 'not in the cited result' });

  let rest = text;
  for (const { text: quoted, at, end } of quotationsIn(text)) {
    const found = cited.some((shelf) => shelf.says(quoted));
    if (!found) lacking(quoted, 'quotation', anywhere.says(quoted));
    if (!found || wordsOf(quoted).length >= OWN_WORDS)
      rest = rest.slice(0, at) + ' '.repeat(end - at) + rest.slice(end);
  }
  const reading = emptyReading();
  readText(
    rest,
    reading,
    cited.map(({ labels }) => labels),
  );
  const known = knownOf(cited);

  for (const one of reading.tokens) {
    const { kind, text: token, keys } = one;
    if (kind !== 'link' && kind !== 'name') continue;
    if (keys.some((key) => cited.some((shelf) => shelf.keys.has(key)))) continue;
    if (kind === 'name' && cited.some((shelf) => shelf.says(token))) continue;
    lacking(token, kind, anywhere.token(one));
  }
  for (const mention of reading.mentions) {
    const { token } = mention;
    const holders = holdersOf(mention, cited);
    if (holders.length === 0) lacking(token.text, token.kind, anywhere.token(token));
    else if (!holders.some(fitting(mention, known)))
      findings.push({ token: token.text, kind: token.kind, why: 'about another subject' satisfies Why });
  }
  for (const named of reading.names) {
    const { text: token, words } = named.name;
    if (known.name(words) || !(named.name.strong || standsIn(named, cited))) continue;
    lacking(token, 'name', anywhere.name(words));
  }
  return findings;
}

function knownOf(cited: readonly Shelf[]): Known {
  return {
    name: (words) => cited.some((shelf) => knows(shelf, words)),
    nearer: (ours, lacking, shared, like) =>
      lacking.some((word) =>
        cited.some(({ topics }) =>
          topics
            .get(word)
            ?.some(
              ({ words, token }) =>
                ours.filter((one) => words.has(one)).length > shared && isOfUnits(token, like),
            ),
        ),
      ),
    date: (key) => cited.some(({ mentions }) => mentions.has(key)),
    clauses: (words) => cited.flatMap(({ clauses }) => rarest(words.map((word) => clauses.get(word) ?? []))),
    named: (word) => cited.some(({ named }) => named.has(word)),
  };
}

const rarest = <T>(lists: readonly (readonly T[])[]): readonly T[] =>
  lists.reduce((least, list) => (list.length < least.length ? list : least));

const holdersOf = (mention: Mention, cited: readonly Shelf[]): Mention[] =>
  cited.flatMap(({ mentions }) =>
    mention.token.keys.flatMap((key) => mentions.get(key) ?? []).filter((held) => sameUnit(mention, held)),
  );

/** A word that may be a name, and that no source has, in the place of the names which its figures have there. */
function standsIn({ name, beside }: Named, cited: readonly Shelf[]): boolean {
  if (cited.some(({ passages }) => name.words.some((word) => passages.has(word)))) return false;
  return beside.some((mention) => {
    const holders = holdersOf(mention, cited);
    return (
      holders.length > 0 &&
      holders.every((held) => {
        const names = namesAbout(held);
        return (
          names.length > 0 && !names.some(({ words }) => words.some((word) => mention.sentence.has(word)))
        );
      })
    );
  });
}

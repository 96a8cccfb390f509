import { readFileSync } from 'node:fs';

/**
 * Holds every `{quote, source}` in the JSON on standard input against the document it is said to be from. Exits with 1, and says
 * which ones are not there, where one is made up. How lines are broken does not count.
 */
const output = JSON.parse(await new Response(process.stdin).text());
const inOneLine = (text) => text.replace(/\s+/g, ' ').trim();

const quotesIn = (value) =>
  value === null || typeof value !== 'object'
    ? []
    : [...('quote' in value ? [value] : []), ...Object.values(value).flatMap(quotesIn)];

/** Nothing where it cannot be read. */
function textOf(source) {
  try {
    return inOneLine(readFileSync(source, 'utf8'));
  } catch {
    return '';
  }
}

const wrong = quotesIn(output).filter(({ quote, source }) => !textOf(source).includes(inOneLine(quote)));
for (const { quote, source } of wrong) console.log(`${source} does not say, word for word: ${quote}`);
process.exitCode = wrong.length > 0 ? 1 : 0;

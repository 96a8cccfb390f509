import { depthExceeds, type Json, MAX_DEPTH } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import { junit } from './junit.js';
import type { Brief } from './plan.js';
import { sarif } from './sarif.js';

/**
 * A brief's output read as its `parse` says.
 * @throws Failure `OutputInvalid` where the text is not of that form.
 */
export function parseOutput(text: string, parse: Brief['parse']): Json {
  switch (parse) {
    case 'text':
    case 'by-type':
      return text;
    case 'lines':
      return lines(text);
    case 'json':
      return json(text, 'the output');
    case 'jsonl':
      return text
        .split(/\r?\n/)
        .flatMap((line, i) => (line.trim() === '' ? [] : [json(line, `line ${i + 1} of the output`)]));
    case 'sarif':
      return sarif(json(text, 'the output'));
    case 'junit':
      return junit(text);
  }
}

/** Lines without their ends; a final end of line begins no further line. */
function lines(text: string): string[] {
  const all = text.split(/\r?\n/);
  if (all.at(-1) === '') all.pop();
  return all;
}

function json(text: string, what: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) as Json;
  } catch (error) {
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new Failure(
      'OutputInvalid',
      `${what} is not JSON (${(error as Error).message}): ${shown || 'it is empty'}`,
    );
  }
  if (depthExceeds(value, MAX_DEPTH)) {
    throw new Failure('OutputInvalid', `${what} nests deeper than ${MAX_DEPTH} levels`);
  }
  return value;
}

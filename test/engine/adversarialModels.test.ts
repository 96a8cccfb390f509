import { describe, expect, it } from 'vitest';
import { exitOf } from '../../src/cli/exit.js';
import { type Cast, integrated } from './adversarial/cast.js';
import { choosers } from './adversarial/choosers.js';
import { judges } from './adversarial/judges.js';
import { shownUnmarked } from './adversarial/marked.js';
import { reducers } from './adversarial/reducers.js';
import { speechless } from './adversarial/speechless.js';
import { writers } from './adversarial/writers.js';

/*
 * What may be wrong with the models and functions that have a hand in an answer, each with a cause of its own. The briefs
 * are sound throughout, but where they speak to a model. None may pass unseen: seen is what changes the exit code and
 * stands in the report.
 *
 * Of every question that is asked here, whoever is asked: it gives no tools, and no text of a brief stands outside data
 * marks.
 */
async function shown(cast: Cast) {
  const { bodies, outputs, ...seen } = await integrated(cast);
  for (const body of bodies) {
    expect(Object.keys(body).sort()).toEqual([
      'messages',
      'model',
      'response_format',
      'stream',
      'stream_options',
    ]);
    expect(shownUnmarked(body, outputs), JSON.stringify(body.messages, undefined, 1)).toEqual([]);
  }
  return { ...seen, asked: bodies.length };
}

describe('models that are sound', () => {
  it('make a complete answer', async () => {
    const { status, text, asked } = await shown({});
    expect([status, exitOf(status), asked]).toEqual(['complete', 0, 4]);
    expect(text).not.toMatch(/\*\*(missing|contradicted)|Left out|There is no text/);
  });
});

describe.each([
  ['a writer', writers],
  ['a judge of a requirement', judges],
  ['a judge of a difference', choosers],
  ['a function that reduces', reducers],
  ['a model that says nothing of use', speechless],
] as const)('%s that is not to be trusted does not pass unseen', (_, cases) => {
  it.each(cases)('one that %s', async (_, cast, seen) => {
    const { status, text } = await shown(cast);
    expect(exitOf(status), text).toBeGreaterThan(0);
    expect(text).toMatch(seen);
  });
});

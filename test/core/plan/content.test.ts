import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/adapters/digest.js';
import type { Need } from '../../../src/core/plan/bindings.js';
import { contentOf } from '../../../src/core/plan/content.js';
import type { Brief } from '../../../src/core/plan/plan.js';
import type { Work } from '../../../src/core/plan/render.js';
import { planOf } from '../../engine/setting.js';

/** What a result was made from, by field, of a brief that needs `a`, where the rendered work comes out the same. */
function fields(brief: Partial<Brief>, a: Need = { status: 'succeeded', output: 1 }): readonly string[] {
  const { briefs } = planOf({ id: 'b', needs: ['a'], ...brief });
  const work: Work = { kind: 'call', name: 'work', input: null, brief: {} };
  return Object.keys(contentOf(briefs[0]!, work, { params: {}, inputs: {}, needs: { a } }, {}, sha256));
}

describe('a need', () => {
  const request = { kind: 'http', method: 'GET', url: 'https://a.example', headers: [] } as const;
  const withHeader = { ...request, headers: [{ name: 'X', text: '{{ a.output }}' }] };
  it.each<[string, Partial<Brief>]>([
    ['an argument', { executor: { kind: 'run', argv: ['echo', '{{ a.output }}'] } }],
    [
      'a prompt',
      { executor: { kind: 'ask', text: '{{ a.output }}', model: 'default' } as Brief['executor'] },
    ],
    ['the context of a prompt', { context: ['a'] }],
    ['standard input', { stdin: 'a.output' }],
    ['an address', { executor: { ...request, url: 'https://a.example/{{ a.output }}' } }],
    ['a header', { executor: withHeader }],
    ['a body', { executor: { ...request, body: '{"a": a.output}' } }],
  ])('that is used in %s counts by what came of it, which the rendered work holds', (_, brief) => {
    expect(fields(brief)).not.toContain('needs.a');
  });

  it('that is only waited for counts by its outcome', () => {
    expect(fields({})).toContain('needs.a');
    expect(fields({ executor: request })).toContain('needs.a');
    expect(fields({ when: 'a.output > 0' })).toContain('needs.a');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { renderText, templateReferences } from '../../../src/core/plan/template.js';

describe('a template', () => {
  it.each<[string, Json, string]>([
    ['{{ v }}', 'text', 'text'],
    ['{{ v }}', 3.5, '3.5'],
    ['{{ v }}', true, 'true'],
    ['{{ v }}', { a: [1] }, '{"a":[1]}'],
    ['{{ v }}', ['a', 'b'], '["a","b"]'],
    ['{{ v | join: ", " }}', ['a', 'b'], 'a, b'],
    ['{{ v.a }}', { a: { b: 1 } }, '{"b":1}'],
    ['{% for x in v %}<{{ x }}>{% endfor %}', [1, 2], '<1><2>'],
    ['{{ v | upcase }}', 'a', 'A'],
    ['no template', null, 'no template'],
  ])('%s of %j', (template, v, text) => {
    expect(renderText(template, { v })).toBe(text);
  });

  it('gives any text back as it is, also where it looks like a template', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant('{{ params.secret }}')), (v) => {
        expect(renderText('<{{ v }}>', { v })).toBe(`<${v}>`);
      }),
    );
  });

  it.each([
    ['{{ zork }}', 'undefined variable: zork'],
    ['{{ v.zork }}', 'undefined variable: v.zork'],
    ['{{ v.constructor }}', 'undefined variable: v.constructor'],
    ['{{ v.__proto__ }}', 'undefined variable: v.__proto__'],
    ['{{ v | shout }}', 'undefined filter: shout'],
    ['{{ v', 'not closed'],
    ['{% include "x" %}', 'tag "include" not found'],
    ['{% render "x" %}', 'tag "render" not found'],
    ['{% layout "x" %}', 'tag "layout" not found'],
    ['{{ "now" | date: "%s" }}', 'undefined filter: date'],
    ['{{ v | sample }}', 'undefined filter: sample'],
    ['{% for i in (1..100000000) %}x{% endfor %}', 'limit exceeded'],
  ])('%s is refused: %s', (template, what) => {
    expect(() => renderText(template, { v: {} })).toThrow(what);
    expect(() => renderText(template, { v: {} })).toThrow(`the template \`${template}\` fails`);
  });

  it('sees nothing of an earlier one: what one assigns another does not know', () => {
    renderText('{% assign leak = 1 %}{{ leak }}', {});
    expect(() => renderText('{{ leak }}', {})).toThrow('undefined variable');
  });
});

describe('the names a template uses', () => {
  it.each([
    ['{{ topic }}', [{ root: 'topic' }]],
    [
      '{{ params.vendors | join: params.with }}',
      [
        { root: 'params', member: 'vendors' },
        { root: 'params', member: 'with' },
      ],
    ],
    ['{% for r in dig.output %}{{ r.key }}{% endfor %}', [{ root: 'dig', member: 'output' }]],
    ['{% assign z = a %}{{ z }}', [{ root: 'a' }]],
    ['{% if a.b == c %}x{% endif %}', [{ root: 'a', member: 'b' }, { root: 'c' }]],
    ['{{ a[b].c }}', [{ root: 'a' }, { root: 'b' }]],
    ['{{ a.b.c.d[0].e }}', [{ root: 'a', member: 'b', beyond: ['c', 'd'] }]],
    ['{{ a.b.c.size }}', [{ root: 'a', member: 'b', beyond: ['c'] }]],
    ['plain', []],
  ])('%s', (template, expected) => {
    expect(templateReferences(template)).toEqual(expected);
  });
});

import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { code, prose, quote } from '../../../src/core/integrate/markdown/escape.js';
import { table } from '../../../src/core/integrate/markdown/tables.js';

const html = (markdown: string): string =>
  micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
const tagsOf = (markdown: string): string[] =>
  [...html(markdown).matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag!);

const HOSTILE = [
  '# heading',
  '## What is missing\n\nNothing.',
  'text\n===',
  '- item',
  '1. item',
  '1) item',
  '+ item',
  '> quote',
  '    indented code',
  '```\nfence',
  '~~~',
  '---',
  '***',
  '___',
  ':-:',
  '| a | b |',
  'a | b\\',
  'a \\| b',
  '`a | b`',
  '[link](https://example.com)',
  '![image](https://example.com/x.png)',
  '[ref]: https://example.com',
  '[^1]: note',
  '- [x] task',
  'https://example.com/path?x=1',
  'see http://example.com.',
  'www.example.com',
  'WWW.EXAMPLE.COM',
  'someone@example.com',
  'mailto:someone@example.com',
  '<https://example.com>',
  '<b>bold</b>',
  '<!-- comment',
  '<script>alert(1)</script>',
  '&lt;b&gt; &#60; &copy;',
  '*emphasis* **strong** _low_ __line__ ~~gone~~ ~one~',
  'snake_case_name and __proto__',
  'unclosed ` tick',
  '`` `code` ``',
  '`code` and `<b>`',
  'ends in a backslash \\',
  '\\`not code`',
  '\u001b[31mred\u001b[0m \u202eesrever',
  'line\u2028separator\rreturn',
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.constantFrom(...HOSTILE, ...'#*_`[]()<>|~:-\\\n\t @&!1.='), { maxLength: 8 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);
/** Code spans are the one thing that text may bring along. */
const withoutCode = (tags: readonly string[]): string[] => tags.filter((tag) => tag !== 'code');

describe('what briefs say, in a report', () => {
  it('stays one paragraph, item or cell: no heading, list, link, image or HTML comes of it', () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(withoutCode(tagsOf(`Said: ${prose(said)}`))).toEqual(['p', 'p']);
        expect(withoutCode(tagsOf(`- ${prose(said) || 'x'}`))).toEqual(['ul', 'li', 'li', 'ul']);
        const cells = ['table', 'thead', 'tr', 'th', 'th', 'th', 'th', 'tr', 'thead', 'tbody'];
        const row = ['tr', 'td', 'td', 'td', 'td', 'tr'];
        expect(
          withoutCode(
            tagsOf(
              table(
                ['a', 'b'],
                [
                  [prose(said), 'x'],
                  [code(said), prose(said)],
                ],
              ).join('\n'),
            ),
          ),
        ).toEqual([...cells, ...row, ...row, 'tbody', 'table']);
      }),
      { numRuns: 500, examples: HOSTILE.map((one) => [one]) },
    );
  });

  it('stays a quote where it has lines of its own', () => {
    fc.assert(
      fc.property(text, (said) => {
        const tags = withoutCode(tagsOf(quote(said).join('\n')));
        expect(tags.filter((tag) => tag !== 'p' && tag !== 'blockquote')).toEqual([]);
        expect(tags.filter((tag) => tag === 'blockquote')).toHaveLength(2);
      }),
      { numRuns: 500, examples: HOSTILE.map((one) => [one]) },
    );
  });

  it('shows labels and paths as code, whatever is in them', () => {
    fc.assert(
      fc.property(text, (said) => {
        expect(tagsOf(`x ${code(said)} y`).filter((tag) => tag !== 'p')).toEqual(
          code(said) === '(empty)' ? [] : ['code', 'code'],
        );
      }),
      { numRuns: 500, examples: HOSTILE.map((one) => [one]) },
    );
  });

  it('reads as it was said', () => {
    for (const said of [
      'plain words, 3 < 4 & 5 > 4',
      'snake_case_name',
      'a [b] *c* #1 (d)',
      'https://example.com/a_b?c=d&e',
    ]) {
      const shown = html(prose(said))
        .replace(/<\/?p>|\n/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&amp;', '&');
      expect(shown).toBe(said);
    }
  });

  it('passes on nothing that steers a terminal or turns the direction of text', () => {
    expect(prose('\u001b[31mred\u202e \u0007')).toBe('\ufffd\\[31mred\ufffd \ufffd');
  });
});

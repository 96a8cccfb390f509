import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, column, cut, hang, widthOf, wrap } from '../../../src/cli/views/columns.js';

describe('text in columns', () => {
  it('cuts with a mark, by columns and not by characters', () => {
    expect(cut('framework-survey', 10)).toBe('framework…');
    expect(cut('価格と料金の比較', 7)).toBe('価格と…');
    expect(cut('fits', 4)).toBe('fits');
  });

  it('fills a column that a wide text shares with narrow ones to the same width', () => {
    expect(widthOf(column('価格と料金', 12))).toBe(12);
    expect(widthOf(column('pricing', 12))).toBe(12);
  });

  it('never cuts a family of emoji in two', () => {
    expect(cut('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3)).toBe('👨‍👩‍👧‍👦…');
  });

  it('takes the terminal out of the hands of whoever wrote a label', () => {
    expect(clean('a\u001b[2Jb\r\nc\u202ed')).toBe('a [2Jb c d');
  });

  it('breaks between words, and a word that is longer than the line where it must', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('aaaaaaaaaa b', 4)).toEqual(['aaaa', 'aaaa', 'aa b']);
    expect(wrap('', 4)).toEqual(['']);
  });

  it('puts further lines below the text, not below its head', () => {
    expect(hang(' why  ', 'the licence server said no', 26)).toEqual([
      ' why  the licence server',
      '      said no',
    ]);
  });

  it('keeps every line within its width and loses no word, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 4, max: 60 }),
        (text, width) => {
          const plain = clean(text);
          const lines = wrap(plain, width);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
          expect(lines.join('').replaceAll(' ', '')).toBe(plain.replaceAll(' ', ''));
          expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tidy, words } from '../src/text.mjs';

test('words are in order, and an empty text has none', () => {
  assert.deepEqual(words('one, two!'), ['one', 'two']);
  assert.deepEqual(words(''), []);
});

test('a tidy text has single spaces between its words, and none at its ends', () => {
  assert.equal(tidy('  one \n two '), 'one two');
});

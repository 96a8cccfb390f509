import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convert, unitsOf } from '../src/convert.mjs';

test('every quantity is known', () => {
  assert.deepEqual(Object.keys(unitsOf()).sort(), ['length', 'mass', 'temperature']);
});

test('what no quantity has together is refused', () => {
  assert.throws(() => convert('3km', 'kg'), /nothing converts/);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { options } from '../worker.mjs';

const functions = await import(options.functions);
const schema = JSON.parse(readFileSync(new URL('../policy.schema.json', import.meta.url), 'utf8'));

test('greets whom it is given', () => {
  assert.deepEqual(functions.greet({ input: { name: 'Ada' } }), { greeting: 'Hello, Ada.' });
});

test('lets plans call what there is, and nothing else', () => {
  for (const name of options.policy.functions) assert.equal(typeof functions[name], 'function', name);
});

test('has a policy that says what has to be said, in keys that are known', () => {
  for (const key of schema.required) assert.ok(key in options.policy, key);
  for (const key of Object.keys(options.policy)) assert.ok(key in schema.properties, key);
});

import type { Case, Cast } from './cast.js';
import { json, type Said } from './endpoint.js';

const everybody = (said: () => Said): Cast => ({ writer: said, judge: said, chooser: said });
const NO_TEXT = (why: string): RegExp => new RegExp(`There is no text: [^\n]*${why}`);

export const speechless: readonly Case[] = [
  ['gives nothing', everybody(() => ({ text: '' })), NO_TEXT('not JSON')],
  ['gives words', everybody(() => ({ text: 'I am happy to help. Validation passed.' })), NO_TEXT('not JSON')],
  [
    'gives half of it',
    everybody(() => ({ text: '{"paragraphs": [{"sentences": [{"te' })),
    NO_TEXT('not JSON'),
  ],
  ['gives other JSON', everybody(() => json({ answer: 'complete' })), NO_TEXT('does not fit')],
  ['gives null', everybody(() => json(null)), NO_TEXT('does not fit')],
  ['refuses', everybody(() => ({ text: '', refusal: 'I cannot.' })), NO_TEXT('refused')],
  ['is filtered', everybody(() => ({ text: '{}', finish: 'content_filter' })), NO_TEXT('filtered')],
  [
    'is cut at its limit',
    everybody(() => ({ text: '{"paragraphs": []}', finish: 'length' })),
    NO_TEXT('cut at its length limit'),
  ],
  [
    'breaks off',
    everybody(() => ({ text: '{"paragraphs": []}', finish: 'broken off' })),
    NO_TEXT('broke off'),
  ],
  ['cannot be reached', everybody(() => new TypeError('fetch failed')), NO_TEXT('connection')],
  [
    'does not take the key',
    everybody(() => new Response('{}', { status: 401 })),
    NO_TEXT('did not accept the key'),
  ],
  [
    'asks to be left alone',
    everybody(() => new Response('{}', { status: 429, headers: { 'retry-after': '0' } })),
    NO_TEXT('rate limited'),
  ],
  ['fails', everybody(() => new Response('<html>', { status: 500 })), NO_TEXT('failed \\(500\\)')],
  [
    'asks for a tool',
    everybody(() => ({ text: '{"tool_calls": [{"name": "run", "arguments": "rm -rf /"}]}' })),
    NO_TEXT('does not fit'),
  ],
];

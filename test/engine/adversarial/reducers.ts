import type { Json } from '../../../src/core/outcome/canonical.js';
import type { Case, Cast, Sum } from './cast.js';

const sums = (reducer: (sound: readonly Sum[]) => readonly unknown[]): Cast => ({
  reducer: (sound) => reducer(sound) as Json,
});
const with0 = (more: object) => sums(([first, ...rest]) => [{ ...first, ...more }, ...rest]);

export const reducers: readonly Case[] = [
  ['loses all', sums(() => []), /\*\*missing\*\*.*not found: north, south/],
  ['loses a value', sums(([, ...rest]) => rest), /not found: north/],
  [
    'leaves an item out of a sum',
    sums(([first, second]) => [
      first,
      { value: { ...second!.value, parks: 31, cities: 1 }, from: second!.from.slice(1) },
    ]),
    /The sums are those of all\. \| \*\*contradicted/,
  ],
  [
    'takes an item twice',
    sums(([first, second]) => [{ value: { ...first!.value, parks: 43, cities: 2 }, from: [0, 1] }, second]),
    /Each city is in a sum\. \| \*\*contradicted/,
  ],
  [
    'invents a value',
    sums((all) => [...all, { value: { region: 'west', parks: 0, cities: 0 }, from: [0] }]),
    /And no other region\. \| \*\*contradicted/,
  ],
  ['says a value twice', sums((all) => [...all, all[0]]), /Each region is there once\. \| \*\*contradicted/],
  [
    'names items that it was not given',
    with0({ from: [9] }),
    /`regions` not brought together[\s\S]*names item 9, and was given 3/,
  ],
  ['names an item before the first', with0({ from: [-1] }), /`regions` not brought together/],
  ['makes a value of nothing', with0({ from: [] }), /`regions` not brought together/],
  ['does not say of what it made a value', with0({ from: undefined }), /`regions` not brought together/],
  ['gives a text', { reducer: () => 'All is well.' }, /`regions` not brought together/],
];

import type { Json } from '../../../src/core/outcome/canonical.js';
import type { End } from '../recordedRun.js';

/** A run whose briefs are sound, and whose answer three models and a function have a hand in. */
export const CITIES = ['Oslo', 'Porto', 'Turin'];
export const PLAN = `muster: 1
name: parks
brief: How many parks have the cities, and who opened them?
models: { capable: wise-1 }
params:
  type: object
  properties:
    cities: { type: array, items: { type: string } }
    regions: { type: array, items: { type: string } }
requirements:
  - { id: all, says: Every city is there., check: { covers: params.cities, in: '$.cities[*].city' } }
  - { id: useful, says: The notes name who opened a park., check: { judge: capable, in: '$.cities[*].note' } }
  - { id: regions, says: Every region has a sum., check: { covers: params.regions, in: '$.regions[*].region' } }
  - { id: only, says: And no other region., check: { cel: 'data.regions.all(r, r.region in params.regions)' } }
  - { id: once, says: Each region is there once., check: { unique: true, in: '$.regions[*].region' } }
  - { id: counted, says: Each city is in a sum., check: { cel: 'data.regions.all(r, r.cities >= 1) && data.regions[0].cities + data.regions[1].cities == params.cities.size()' } }
  - { id: adds, says: The sums are those of all., check: { cel: 'data.regions[0].parks + data.regions[1].parks == data.total[0]' } }
briefs:
  - { id: count, run: [node, c.mjs, '{{ c }}'], forEach: { in: params.cities, as: c }, parse: json }
  - { id: register, run: [node, r.mjs], parse: json }
integrate:
  merge:
    cities: { from: [count, register], at: '$.rows', key: city, conflicts: [{ judge: capable }, fail] }
    regions: { from: [count], at: '$.rows', reduce: byRegion }
    total: { from: [register], at: '$.total' }
  synthesize: { model: capable, sections: [{ title: Parks, covers: '$.cities[*].city' }] }
`;
export const PARKS = [12, 31, 19];
const REGIONS = ['north', 'south', 'south'];
const MAYORS = ['Kari Nordmann', 'Rui Moreira', 'Stefano Russo'];
const counted = (n: number, more: { readonly [field: string]: Json } = {}): Json => ({
  rows: [
    {
      ...{ city: CITIES[n]!, parks: PARKS[n]!, region: REGIONS[n]!, zone: 'inner', share: '14 %' },
      note: `${MAYORS[n]} opened the first park of ${CITIES[n]} on 2019-05-0${n + 1}: “a garden for all”.`,
      source: `https://${CITIES[n]!.toLowerCase()}.example/parks`,
      ...more,
    },
  ],
});
export const note = (text: string): Ends => ({
  'count[Oslo]': { status: 'succeeded', value: counted(0, { note: text }) },
});
/** Somebody else's word on the zone of Oslo, which a judge has to decide. */
export const zone = (text: string): Ends => ({ register: registered({ zone: text }) });
const registered = (more: { readonly [field: string]: Json } = {}): End => ({
  status: 'succeeded',
  value: { rows: [{ city: 'Oslo', zone: 'outer', ...more }], total: [62] },
});

export type Ends = { readonly [label: string]: End };
export const ENDS: Ends = {
  ...Object.fromEntries(
    CITIES.map((city, n): [string, End] => [`count[${city}]`, { status: 'succeeded', value: counted(n) }]),
  ),
  register: registered(),
};

import { sha256 } from '../../../src/adapters/digest.js';
import type { Json, JsonObject } from '../../../src/core/outcome/canonical.js';
import type { ClosingNote } from '../../../src/core/schedule/closing.js';
import { blobName } from '../../../src/engine/artifacts.js';
import { type IntegrateEffects, integrateRun } from '../../../src/engine/integrateRun.js';
import { readReport } from '../../support/report.js';
import { type End, effects, OPENED, RUN, recordRun, textOf } from '../recordedRun.js';

/** A survey that is sound: every brief delivered, every requirement is covered, and nothing contradicts anything. */
export const VENDORS = ['Temporal', 'DBOS', 'Restate', 'Inngest'];
export const PLAN = `muster: 1
name: survey
brief: What do the vendors cost, and under which licence?
params: { type: object, properties: { vendors: { type: array, items: { type: string } } } }
requirements:
  - { id: all, says: Every vendor has a row., check: { covers: params.vendors, in: '$.rows[*].vendor' } }
  - { id: only, says: And nobody else., check: { cel: 'data.rows.all(r, r.vendor in params.vendors)' } }
  - id: shape
    says: Every row is whole.
    check:
      in: '$.rows[*]'
      schema:
        type: object
        required: [vendor, price, licence, source]
        additionalProperties: false
        properties:
          vendor: { type: string }
          price: { type: number }
          licence: { enum: [MIT, BSL, Apache-2.0, SSPL] }
          source: { type: string, maxLength: 200 }
  - { id: sane, says: Prices are sane., check: { range: { min: 1, max: 1000 }, in: '$.rows[*].price' } }
  - { id: sourced, says: Sources are pages., check: { matches: '^https://[a-z./-]+$', in: '$.rows[*].source' } }
  - { id: noted, says: No note is there twice., check: { unique: true, in: '$.notes[*]' } }
  - { id: accounted, says: Nothing is lost., check: { reconcile: 'params.vendors.size() * 2', in: $.rows } }
  - { id: one, says: One note each., check: { reconcile: 'params.vendors.size()', in: $.notes } }
  - { id: adds, says: The total is that of the rows., check: { cel: 'data.total[0] == 100' } }
briefs:
  - { id: dig, run: [node, dig.mjs, '{{ vendor }}'], forEach: { in: params.vendors, as: vendor }, parse: json, retry: { attempts: 4, then: missing } }
  - { id: licences, run: [node, l.mjs], parse: json }
  - { id: totals, run: [node, t.mjs], parse: json }
  - { id: verdict, needs: [licences], run: [node, v.mjs, '{{ licences }}'] }
integrate:
  merge:
    rows: { from: [dig, licences], at: $.rows, key: vendor, conflicts: [fail] }
    notes: { from: [dig], at: '$.notes[*]' }
    total: { from: [totals], at: $.total }
  verify: [node, check.mjs]
`;

const PRICES = [10, 20, 30, 40];
const LICENCES = ['MIT', 'MIT', 'BSL', 'SSPL'];
export const row = (n: number, more: JsonObject = {}): JsonObject => ({
  vendor: VENDORS[n]!,
  price: PRICES[n]!,
  source: `https://${VENDORS[n]!.toLowerCase()}.example/pricing`,
  ...more,
});
const licence = (n: number): JsonObject => ({ vendor: VENDORS[n]!, licence: LICENCES[n]! });
export const dug = (n: number, more: JsonObject = {}): Json => ({
  rows: [row(n, more)],
  notes: [`${VENDORS[n]} was looked at.`],
});
export const licences = (...rows: readonly JsonObject[]): Json => ({ rows });
export const ALL_LICENCES = VENDORS.map((_, n) => licence(n));

export type Ends = { readonly [label: string]: End };
const delivered = (value: Json): End => ({ status: 'succeeded', value });
export const CLEAN: Ends = {
  ...Object.fromEntries(VENDORS.map((vendor, n) => [`dig[${vendor}]`, delivered(dug(n))])),
  licences: delivered(licences(...ALL_LICENCES)),
  totals: delivered({ total: [100] }),
  verdict: delivered('Temporal'),
};
export const NOTE: ClosingNote = { reason: 'completed', units: 'dsss', fans: { '0': 'ssss' } };

/** What an outcome log, or the store below it, may hold that is not as it should be. */
export interface Tampered {
  readonly ends?: { readonly [label: string]: End | undefined };
  readonly keys?: readonly string[];
  readonly note?: Partial<ClosingNote>;
  /** What the store answers for a name. */
  readonly store?: (name: string, bytes: Uint8Array | undefined) => Uint8Array | undefined;
  readonly verify?: IntegrateEffects['executors']['run'];
}

/** What a person sees of it, in short: how the run ended, and the report to read. */
export async function surveyed({ ends = {}, keys = VENDORS, note, store: answer, verify }: Tampered) {
  const all = Object.entries({ ...CLEAN, ...ends }).filter(
    (entry): entry is [string, End] => entry[1] !== undefined,
  );
  const { store, plan } = await recordRun(PLAN, Object.fromEntries(all), {
    keys: { dig: keys },
    params: { vendors: VENDORS },
  });
  const seen = answer
    ? { ...store, read: async (name: string) => answer(name, await store.read(name)) }
    : store;
  const result = await integrateRun(
    { run: RUN, plan, note: { ...NOTE, ...note }, now: OPENED + 60_000 },
    effects(seen, { run: verify ?? (async () => ({ output: { text: '' } })) }),
  );
  readReport(await textOf(store, result.report.json));
  return { status: result.status, text: await textOf(store, result.report.markdown) };
}

/** Name of the artifact that a large output becomes. */
export const nameOf = (bytes: string): string => blobName(sha256(bytes));

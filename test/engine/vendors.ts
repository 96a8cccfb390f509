/** A survey of vendors: one instance for each, another source on licences, which goes before them, and a verdict. @param more briefs */
export const vendorsPlan = (more = ''): string => `muster: 1
name: survey
brief: Compare the vendors.
params: { type: object, properties: { vendors: { type: array, items: { type: string } } } }
requirements:
  - { id: all, says: Every vendor has a row., check: { covers: params.vendors, in: '$.rows[*].vendor' } }
briefs:
  - { id: dig, run: [node, dig.mjs, '{{ vendor }}'], forEach: { in: params.vendors, as: vendor }, parse: json, retry: { attempts: 4, then: missing } }
  - { id: licences, run: [node, l.mjs], parse: json }
  - { id: verdict, needs: [licences], run: [node, v.mjs, '{{ licences }}'] }
${more}integrate:
  merge: { rows: { from: [dig, licences], at: $.rows, key: vendor, conflicts: [prefer: licences] } }
`;
const VENDORS = ['Temporal', 'DBOS', 'Restate'];
export const around = { keys: { dig: VENDORS }, params: { vendors: VENDORS } };

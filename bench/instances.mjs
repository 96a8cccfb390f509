import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Workflow DAGs, plans and scheduling problems below `data`, the folder that MUSTER_DATA names. */
export function instances(data) {
  const read = (name) => JSON.parse(readFileSync(join(data, `${name}.json`), 'utf8'));
  return {
    read,
    /** `family/name` of each there is. */
    names: (family) =>
      readdirSync(join(data, family))
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${family}/${file.replace('.json', '')}`),
  };
}

/** What has no duration takes 1. */
export const durationOf = ({ durationMs, durationUnits }) => durationUnits ?? durationMs ?? 1;

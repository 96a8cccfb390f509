import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { planJsonSchema } from '../../../src/core/plan/schema.js';
import { validator } from '../../../src/core/plan/validate.js';

const design = parse(readFileSync(new URL('./design.yaml', import.meta.url), 'utf8')) as Json;

describe('the published schema of plans', () => {
  it('is a JSON Schema that takes the example and refuses an unknown key', () => {
    const check = validator(planJsonSchema());
    expect(check(design)).toEqual([]);
    expect(check({ ...(design as object), zork: 1 })).toEqual([
      '$ must NOT have additional properties: `zork`',
    ]);
  });

  it('explains every key of the format', () => {
    const silent: string[] = [];
    const visit = (schema: Json | undefined, path: string): void => {
      if (schema === null || typeof schema !== 'object') return;
      const { properties, items, anyOf, additionalProperties, description } = schema as {
        readonly [key: string]: Json;
      };
      if (path !== '$' && /\.\w+$/.test(path) && description === undefined) silent.push(path);
      for (const [key, inner] of Object.entries(properties ?? {})) visit(inner as Json, `${path}.${key}`);
      visit(items, `${path}[]`);
      visit(additionalProperties, `${path}[*]`);
      for (const form of (anyOf as readonly Json[] | undefined) ?? []) visit(form, `${path}|`);
    };
    visit(planJsonSchema(), '$');
    expect(silent).toEqual([]);
  });
});

import type { Screen } from '../screen.js';

/** What has a published schema. */
export const PUBLISHED = ['plan', 'report'] as const;
type Published = (typeof PUBLISHED)[number];

/** `muster schema`: a format, for editors and for programs that write plans or read reports. */
export async function schema(of: Published, screen: Screen): Promise<number> {
  screen.raw(JSON.stringify(await schemaOf(of), null, 2));
  return 0;
}

async function schemaOf(of: Published): Promise<object> {
  if (of === 'report') return (await import('../../core/integrate/reportSchema.js')).reportJsonSchema();
  return (await import('../../core/plan/schema.js')).planJsonSchema();
}

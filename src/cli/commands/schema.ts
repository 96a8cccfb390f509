import { planJsonSchema } from '../../core/plan/schema.js';
import type { Screen } from '../screen.js';

/** `muster schema`: the plan format, for editors and for programs that write plans. */
export async function schema(screen: Screen): Promise<number> {
  screen.raw(JSON.stringify(planJsonSchema(), null, 2));
  return 0;
}

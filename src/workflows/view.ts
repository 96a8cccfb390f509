import type { Patching, StatusAnswer } from '../contracts/messages.js';
import type { UnitGraph } from '../core/graph/units.js';
import type { Waves } from '../core/graph/waves.js';
import type { Dispatch } from './dispatch.js';

/** What queries may look at; the story in `run` fills it in as it goes. */
export interface View {
  phase: StatusAnswer['phase'];
  plan?: string;
  graph?: UnitGraph;
  waves: Waves;
  dispatch?: Pick<Dispatch, 'state' | 'give' | 'closed'>;
  /** Lets the run go by another plan. @throws ApplicationFailure where it refuses that */
  patch?: (asked: Patching) => Promise<void>;
  deadlineAt?: number;
}

import { ENTRY, expected, forOpenRuns } from '../../here.js';
import { stopSupervisor } from '../../temporal/bringUp.js';
import { supervise } from '../../temporal/supervisor.js';
import { configFor } from '../machine.js';
import type { Screen } from '../screen.js';

/** `muster dev`: server and worker of this home, replaced when they die, until nobody needs them or a signal comes. */
export async function dev({ stop }: { readonly stop?: boolean }, screen: Screen): Promise<number> {
  const config = configFor();
  if (stop) {
    const stopped = await stopSupervisor(config);
    screen.object({ stopped });
    screen.answer(() => [
      stopped
        ? 'Server and worker are stopped. Open runs go on when they are back.'
        : `Nothing runs for ${config.home}.`,
    ]);
    return 0;
  }
  const ending = await supervise(await forOpenRuns(config, false), {
    entry: ENTRY,
    expected: () => expected(config),
  });
  if (ending === 'other')
    screen.answer(() => [`Server and worker of ${config.home} are up already. Stop them: muster dev --stop`]);
  return 0;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileStore } from '../../adapters/stores/file.js';
import { examine } from '../../temporal/doctor.js';
import { EXIT } from '../exit.js';
import { configFor } from '../machine.js';
import type { Screen } from '../screen.js';
import { secretsFinding } from '../secrets.js';
import { doctorView } from '../views/doctor.js';

/** `muster doctor`: what is there, what is missing, what to do; starts nothing. Exit 1 where something is wrong. */
export async function doctor(screen: Screen): Promise<number> {
  const config = configFor();
  // Looking must not make a store where there is none.
  const store = existsSync(join(config.store, 'store.json')) ? await fileStore(config.store) : undefined;
  const findings = [...(await examine(config, store?.id)), await secretsFinding(config)];
  screen.object({ findings });
  screen.answer((look) => doctorView(findings, look));
  return findings.some(({ state }) => state === 'problem') ? EXIT.failed : 0;
}

import { fork } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claim, withClaim } from '../../src/temporal/claim.js';

const [, self = '', place = '', task] = process.argv;

if (task === 'hold') {
  claim(place, 'x');
  console.log('held');
  setInterval(() => {}, 60_000);
} else if (task === 'die') {
  while (!claim(place, 'x')) await sleep(1);
  process.kill(process.pid, 'SIGKILL');
} else {
  // A folder can be made once only: whoever finds it there is not alone.
  const alone = join(place, 'alone');
  let died: Promise<unknown> | undefined;
  for (let time = 1; time <= 25; time++) {
    if (time === 12) died = new Promise((resolve) => fork(self, [place, 'die']).once('exit', resolve));
    await withClaim(
      place,
      'x',
      () => {},
      async () => {
        mkdirSync(alone);
        await sleep(Math.random() * 2);
        rmdirSync(alone);
      },
    );
  }
  await died;
  console.log('alone 25 times');
}

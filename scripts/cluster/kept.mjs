import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that is started again whenever it ends, as `restart: unless-stopped` does it, until it is told to end. Its
 * output goes to the file `log`; ctrl-C in a terminal does not reach it.
 */
export function kept({ name, log, say }, command, args, options) {
  let child;
  let over = false;
  const start = () => {
    const out = openSync(log, 'a');
    child = spawn(command, args, { ...options, stdio: ['ignore', out, out], detached: true });
    closeSync(out);
    child.once('error', () => {});
    child.once('exit', async (code, signal) => {
      if (over) return;
      say(`${name} ended (${signal ?? code}); it is started again.`);
      await sleep(200);
      if (!over) start();
    });
  };
  start();
  return {
    pid: () => child.pid,
    tail: () => `${name}:\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n')}`,
    async end(signal) {
      over = true;
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fileStore } from '../dist/adapters/stores/file.js';
import { openSession } from '../dist/cli/session.js';
import { readConfig } from '../dist/config.js';
import { decodeSegment } from '../dist/core/outcome/segment.js';
import { processOf } from '../dist/temporal/processes.js';
import { readRecord } from '../dist/temporal/record.js';

/*
 * A run whose worker is killed with SIGKILL when about half of its briefs are on record. What that cost is counted in the
 * outcome logs: whoever carries a brief out once more writes a fence there first, and its outcome after.
 */

/** Runs `plan`, kills its worker half-way, and says what ran again. @returns the exit code of `muster run` */
export async function crash(plan, args) {
  const id = `crash-${randomBytes(3).toString('hex')}`;
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const run = spawn(process.execPath, [main, 'run', plan, '--id', id, ...args], { stdio: 'inherit' });
  // Ctrl-C is for the run, which says what becomes of it.
  process.on('SIGINT', () => {});
  const over = new AbortController();
  const ended = once(run, 'exit').finally(() => over.abort());

  const config = readConfig();
  const store = await fileStore(config.store);
  const death = await killHalfWay(id, { ...config, store }, over.signal);
  const [code] = await ended;
  if (death) console.log(account(death, await logsOf(store, death.first), readRecord(config.home).workerPid));
  else console.error('\nThe run was over before its worker could be killed.');
  return code ?? 1;
}

/** Who was killed, and what was on record when it was dead; undefined where the run ended first. */
async function killHalfWay(id, { home, store }, over) {
  const session = await openSession();
  try {
    while (!over.aborted) {
      await sleep(50);
      const { state, workerPid: worker } = readRecord(home) ?? {};
      if (state !== 'ready') continue;
      const progress = (await session.muster.status(id))?.progress;
      if (!progress || progress.unopened > 0 || progress.ended * 2 < progress.total) continue;
      const { first } = (await session.muster.list()).find((entry) => entry.id === id);
      process.kill(worker, 'SIGKILL');
      while (processOf(worker)) await sleep(1);
      return { worker, first, total: progress.total, logs: await logsOf(store, first) };
    }
    return undefined;
  } finally {
    await session.close();
  }
}

function account({ worker, total, logs: before }, after, successor) {
  const recorded = [...before].filter(([, log]) => log.some(isFinal)).map(([unit]) => unit);
  const ranAgain = recorded.filter((unit) => after.get(unit).slice(before.get(unit).length).some(isWork));
  const begunAgain = [...after].filter(
    ([unit, log]) => !recorded.includes(unit) && log.some(isOfLaterHolder),
  );
  return [
    '',
    ` crash          worker ${worker} was killed with SIGKILL when ${recorded.length} of ${total} briefs were on record`,
    ` resumed        by worker ${successor}`,
    ` on record      ${ranAgain.length} of those ${recorded.length} briefs ran again`,
    ` in flight      ${begunAgain.length} ${begunAgain.length === 1 ? 'brief was' : 'briefs were'} begun again`,
  ].join('\n');
}

const isFinal = ({ rows }) => rows.some(({ row, status }) => row === 'outcome' && status !== undefined);
const isWork = ({ rows }) => rows.some(({ row }) => row === 'fence' || row === 'outcome');
const isOfLaterHolder = (segment) =>
  isWork(segment) && (segment.holder.dispatch > 1 || segment.holder.attempt > 1);

/** Segments by unit, in order. The integrator's own log is no brief's. */
async function logsOf(store, first) {
  const logs = new Map();
  const places = (await store.list(`runs/${first}/`))
    .map((name) => /([\d.]+)_(\d+)$/.exec(name))
    .filter(Boolean);
  for (const [, unit, seq] of places.sort((a, b) => a[2] - b[2])) {
    const segment = decodeSegment(await store.read(`runs/${first}/${unit}_${seq}`));
    logs.set(unit, [...(logs.get(unit) ?? []), segment]);
  }
  return logs;
}

// Functions that tests call on a worker.
import { setTimeout as sleep } from 'node:timers/promises';

/** What it was given, back. */
export const echo = ({ input, brief, try: count, key }) => ({ input, brief, try: count, key });

export const add = ({ input: { a, b } }) => a + b;

/** Nothing but computing, for `ms`: its thread hears nothing meanwhile. */
export const busy = ({ input: { ms }, progress }) => {
  progress({ note: 'begun' });
  const until = Date.now() + ms;
  while (Date.now() < until);
  return 'done';
};

/** Waits `ms`, reporting as it goes; ends at once when it is told to stop. */
export const patient = async ({ input, signal, progress }) => {
  const until = Date.now() + (input?.ms ?? 60_000);
  for (let i = 0; Date.now() < until; i++) {
    progress({ note: `step ${i}` });
    await sleep(20, undefined, { signal });
  }
  return 'done';
};

/** Asked to stop, it says how far it was. */
export const tidy = async ({ signal, progress }) => {
  progress({ note: 'begun' });
  await sleep(60_000, undefined, { signal }).catch(() => {});
  return { half: 'done' };
};

export const fail = ({ input }) => {
  throw new Error(input?.message ?? 'no such vendor');
};

export const give = ({ input: { what } }) => {
  const loop = { name: 'loop', within: [] };
  loop.within.push(loop);
  let deep = [];
  for (let i = 0; i < 600; i++) deep = [deep];
  return {
    nothing: undefined,
    'a function': { rows: [1, { at: () => 1 }] },
    'a cycle': loop,
    'a big integer': { total: 10n },
    'not a number': { 'per cent': [0 / 0] },
    'a date': { at: new Date() },
    'a map': new Map(),
    'too deep': deep,
  }[what];
};

/** Ends its thread. */
export const exit = () => process.exit(3);

/** Fails after it has answered. */
export const late = () => {
  setTimeout(() => {
    throw new Error('too late');
  }, 10);
  return 'answered';
};

/** Kills the whole process, not only its thread. */
export const crash = () => process.kill(process.pid, 'SIGSEGV') && sleep(60_000);

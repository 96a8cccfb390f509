import { setTimeout as sleep } from 'node:timers/promises';

/** Takes `ms`, and nothing of a processor. */
export const rest = async ({ input: { ms }, signal }) => {
  await sleep(ms, undefined, { signal });
  return ms;
};

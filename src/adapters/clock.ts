import type { Clock } from '../ports/clock.js';

/** `setTimeout` fires at once for anything longer than this, about 24.8 days. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  after(ms, then) {
    const wait = (left: number): NodeJS.Timeout =>
      left <= LONGEST
        ? setTimeout(then, left)
        : setTimeout(() => {
            timer = wait(left - LONGEST);
          }, LONGEST);
    let timer = wait(ms);
    return () => clearTimeout(timer);
  },
};

/** Lets a value through at most every `everyMs` milliseconds and drops the others: progress is for people to watch. */
export function paced<T>(everyMs: number, report: (value: T) => void): (value: T) => void {
  let next = 0;
  return (value) => {
    const now = performance.now();
    if (now < next) return;
    next = now + everyMs;
    report(value);
  };
}

/** How often executors report, ms. */
export const PROGRESS_MS = 250;

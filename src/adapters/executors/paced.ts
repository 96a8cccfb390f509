/**
 * Lets a value through at most every `everyMs` milliseconds; of those that come faster the latest follows when its time has
 * come, so whoever watches for silence hears of everything, at most that much late.
 */
export function paced<T>(everyMs: number, report: (value: T) => void): (value: T) => void {
  let next = 0;
  let latest: T;
  let timer: NodeJS.Timeout | undefined;
  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    next = performance.now() + everyMs;
    report(latest);
  }
  return (value) => {
    latest = value;
    const wait = next - performance.now();
    if (wait <= 0) tell();
    else timer ??= setTimeout(tell, wait).unref();
  };
}

/** How often executors report, ms. */
export const PROGRESS_MS = 250;

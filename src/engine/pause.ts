import { Failure } from '../core/outcome/failure.js';
import type { Clock } from '../ports/clock.js';

/** @throws why the signal aborted, or Failure `Cancelled` */
export const pause = (ms: number, clock: Clock, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      takeBack();
      reject(signal.reason instanceof Failure ? signal.reason : new Failure('Cancelled', 'It was stopped.'));
    };
    const takeBack = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

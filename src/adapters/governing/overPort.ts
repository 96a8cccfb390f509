import type { MessagePort } from 'node:worker_threads';
import { Failure } from '../../core/outcome/failure.js';
import type { Admission, Over, Pass, Wish } from '../../ports/admission.js';

/** What of a wish goes to another thread. */
type Said = Omit<Wish, 'signal' | 'waits'>;

/** Of a thread, to who has the gates. */
type Asks = { readonly id: number } & (
  | { readonly wish: Said }
  | { readonly stop: true }
  | { readonly sent: true }
  | { readonly answered: true }
  | { readonly over: Over }
);
type Hears = { readonly id: number } & ({ readonly waits: string } | { readonly model: string });

/** The gates of this process, for a thread that holds the other end of the port; a thread that is gone holds nothing. */
export function serveAdmission(port: MessagePort, admission: Admission): void {
  const stops = new Map<number, AbortController>();
  const passes = new Map<number, Pass>();
  const tell = (message: Hears) => port.postMessage(message);
  let isGone = false;
  const over = (id: number, how: Over) => {
    passes.get(id)?.over(how);
    passes.delete(id);
  };
  async function enter(id: number, wish: Said): Promise<void> {
    const stop = new AbortController();
    stops.set(id, stop);
    const waits = (why: string) => tell({ id, waits: why });
    const pass = await admission.enter({ ...wish, signal: stop.signal, waits }).catch(() => undefined);
    stops.delete(id);
    if (!pass) return;
    // It went away in the same moment.
    if (isGone || stop.signal.aborted) return pass.over({ kind: 'stopped' });
    passes.set(id, pass);
    tell({ id, model: pass.model });
  }
  port.on('message', ({ id, ...asks }: Asks) => {
    if ('wish' in asks) void enter(id, asks.wish);
    else if ('sent' in asks) passes.get(id)?.sent();
    else if ('answered' in asks) passes.get(id)?.answered();
    else if ('over' in asks) over(id, asks.over);
    else {
      stops.get(id)?.abort(new Failure('Cancelled', 'It was stopped while it waited.'));
      over(id, { kind: 'stopped' });
    }
  });
  port.on('close', () => {
    isGone = true;
    for (const stop of stops.values()) stop.abort();
    for (const id of [...passes.keys()]) over(id, { kind: 'stopped' });
  });
}

/** The gates of another thread. */
export function admissionOver(port: MessagePort): Admission {
  const waiting = new Map<number, { wish: Wish; resolve: (pass: Pass) => void }>();
  let ids = 0;
  const tell = (message: Asks) => port.postMessage(message);
  port.on('message', ({ id, ...hears }: Hears) => {
    const one = waiting.get(id);
    if (!one) return;
    if ('waits' in hears) return one.wish.waits(hears.waits);
    waiting.delete(id);
    one.resolve({
      model: hears.model,
      sent: () => tell({ id, sent: true }),
      answered: () => tell({ id, answered: true }),
      over: (over) => tell({ id, over }),
    });
  });
  return {
    enter: (wish) =>
      new Promise((resolve, reject) => {
        if (wish.signal.aborted) return reject(wish.signal.reason);
        const id = ids++;
        const abort = () => {
          waiting.delete(id);
          tell({ id, stop: true });
          reject(wish.signal.reason);
        };
        wish.signal.addEventListener('abort', abort, { once: true });
        waiting.set(id, {
          wish,
          resolve: (pass) => {
            wish.signal.removeEventListener('abort', abort);
            resolve(pass);
          },
        });
        const { signal: _, waits: __, ...said } = wish;
        tell({ id, wish: said });
      }),
  };
}

import { type Agent, request } from 'undici';
import { Failure } from '../../core/outcome/failure.js';
import type { HttpWork } from '../../core/plan/render.js';
import type { Executor, Task } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import type { Env } from './commandEnv.js';
import { type Permits, publicOnly } from './httpAddress.js';
import { pinnedAgent, type Resolve } from './httpConnect.js';
import { noResponse } from './httpFailures.js';
import { badUrl, firstHop, type Hop, MAX_REDIRECTS, redirected } from './httpRedirect.js';
import { headerOf, type Response, receiving, succeeds } from './httpResponse.js';
import { type Headers, readHeaders } from './httpSecrets.js';
import { permitsFor, targetRefused } from './httpTarget.js';
import type { Policy } from './policy.js';
import { redactorOf } from './redactor.js';
import { stopped } from './stopped.js';

/*
 * 1. Every request, a redirected one too, is checked in full: scheme, host and port, and at connect the address.
 * 2. Nothing of the plan's goes where the plan does not say: away from its origin no header, no body, and none but public
 *    addresses.
 * 3. A secret is read when a request is sent, and taken out of all that comes back.
 * 4. No timer but that for a connection: the task's signal ends everything else.
 */

export interface HttpOptions {
  readonly policy: Policy;
  /** The worker's environment, of which headers get the allowed names. */
  readonly env: Env;
  /** Bytes of a response that are kept; 16 MB unless told. */
  readonly capBytes?: number;
  /** How names become addresses; the system's way unless told. */
  readonly resolve?: Resolve;
  /** In place of what the policy says of addresses: what a test takes the check away with. */
  readonly permits?: Permits;
  /** Made from the others unless told. */
  readonly redactor?: Redactor;
}

const CAP_BYTES = 16 * 2 ** 20;

/**
 * Carries out requests. The effect is a value where JSON comes and nothing else is asked for, else text.
 * @throws Failure `HttpFailed`, `CommandNotAllowed`, `OutputInvalid`, or why the task was stopped.
 */
export function httpExecutor(options: HttpOptions): Executor<HttpWork> {
  const { policy, resolve, capBytes = CAP_BYTES } = options;
  const redactor = options.redactor ?? redactorOf(options);
  const reaching = (permits: Permits) => ({ permits, agent: pinnedAgent(permits, resolve) });
  const asAllowed = reaching(options.permits ?? permitsFor(policy, false));
  const inPublic = reaching(options.permits ?? publicOnly);

  return async (task) => {
    const { label, signal, work } = task;
    if (signal.aborted) throw stopped(task);
    const headers = readHeaders(task, options);
    const { receive, left } = receiving(task, { redactor, capBytes });
    const trusted = !work.inline || policy.inlineCommands;
    if (!URL.canParse(work.url)) throw never(task, `\`${work.url.slice(0, 80)}\` is no address`);
    let hop = firstHop(work, new URL(work.url));
    try {
      for (let followed = 0; ; followed++) {
        const { permits, agent } = trusted && !hop.strayed ? asAllowed : inPublic;
        check(task, hop, policy, permits);
        const response = await send(task, hop, headers, agent);
        const next = succeeds(work, response)
          ? undefined
          : redirected(hop, response.statusCode, headerOf(response, 'location'));
        if (next === undefined) return await receive(hop, response);
        response.body.on('error', () => {}).destroy();
        if (typeof next === 'string') throw never(task, `${hop.method} ${hop.url.host} redirects ${next}`);
        if (followed === MAX_REDIRECTS)
          throw never(task, `${hop.url.host} redirects after ${MAX_REDIRECTS} redirects`);
        hop = next;
      }
    } catch (error) {
      if (signal.aborted) throw stopped(task, left());
      throw error instanceof Failure ? error : noResponse(label, hop, error, left());
    }
  };
}

/** @throws Failure where a request may not go to such an address, as far as its text tells */
function check(task: Task<HttpWork>, { url }: Hop, policy: Policy, permits: Permits): void {
  const bad = badUrl(url);
  if (bad !== undefined) throw never(task, `the address of \`${url.host}\` is not asked: ${bad}`);
  const refused = targetRefused(policy, permits, url);
  if (refused !== undefined) throw new Failure('CommandNotAllowed', `${task.label}: ${refused}`);
}

/** What no further try can mend. */
const never = ({ label }: Task<HttpWork>, what: string): Failure =>
  new Failure('HttpFailed', `${label}: ${what}. Correct the address in the plan.`, { permanent: true });

async function send(
  { key, signal }: Task<HttpWork>,
  { method, url, body, strayed }: Hop,
  headers: Headers,
  dispatcher: Agent,
): Promise<Response> {
  const { 'content-type': type = 'application/json', ...others } = strayed ? {} : headers;
  const sent = request(url, {
    method,
    dispatcher,
    signal,
    body: body ?? null,
    headers: {
      'user-agent': 'muster',
      accept: 'application/json, */*;q=0.8',
      ...others,
      ...(body !== undefined && { 'content-type': type }),
      'accept-encoding': 'identity',
      'idempotency-key': key,
    },
  });
  // While a connection comes about, a request does not heed its signal.
  return await untilAborted(sent, signal);
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

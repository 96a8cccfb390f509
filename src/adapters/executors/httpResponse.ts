import type { Dispatcher } from 'undici';
import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import { parseOutput } from '../../core/plan/parse.js';
import type { HttpWork } from '../../core/plan/render.js';
import type { Effect, Task } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import { capture } from './capture.js';
import { badStatus } from './httpFailures.js';
import type { Hop } from './httpRedirect.js';
import { PROGRESS_MS, paced } from './paced.js';

export type Response = Dispatcher.ResponseData;

/** Of a response that means no success, bytes. */
const FAILED_CAP_BYTES = 64 * 1024;

export const succeeds = ({ okStatus }: HttpWork, { statusCode }: Response): boolean =>
  okStatus ? okStatus.includes(statusCode) : statusCode >= 200 && statusCode < 300;

/** A header that may stand once only: the first. */
export const headerOf = ({ headers }: Response, name: string): string | undefined =>
  [headers[name]].flat()[0];

/** What comes of a response, and what there is of it where it never ends. */
export function receiving(
  { label, work, progress }: Task<HttpWork>,
  { redactor, capBytes }: { readonly redactor: Redactor; readonly capBytes: number },
) {
  let got = capture(capBytes);
  let charset: string | undefined;
  const text = (cut: boolean) => redactor.text(got.kept(charset), cut ? 'end' : undefined);
  const left = (): FailureDetail => (got.bytes() === 0 ? {} : { partial: text(true) });

  /** Reads up to the cap; whoever sends more is hung up on. */
  async function read(response: Response): Promise<void> {
    charset = charsetOf(response);
    const report = paced(PROGRESS_MS, (bytes: number) => progress({ bytes }));
    for await (const chunk of response.body) {
      got.push(chunk as Buffer);
      report(got.bytes());
      if (got.truncated()) break;
    }
  }

  async function failed(hop: Hop, response: Response): Promise<Failure> {
    got = capture(FAILED_CAP_BYTES);
    // The status says enough where the rest does not come.
    await read(response).catch(() => {});
    const said = isText(response) ? text(got.truncated()) : '';
    const answer = { status: response.statusCode, said, wait: headerOf(response, 'retry-after') };
    return badStatus(label, hop, answer, said === '' ? {} : { partial: said });
  }

  async function effect({ method, url }: Hop, response: Response): Promise<Effect> {
    const coding = codingOf(response);
    if (coding !== 'identity') {
      response.body.on('error', () => {}).destroy();
      throw new Failure(
        'HttpFailed',
        `${label}: ${method} ${url.host} answered in the encoding \`${coding}\`, though asked for none. Use another address, or fetch it by \`run\`.`,
        { permanent: true },
      );
    }
    await read(response);
    const cut = got.truncated();
    const body = text(cut);
    if (!work.byType || !isJson(response) || body === '')
      return cut ? { output: { text: `${body}${CUT}` }, truncated: true } : { output: { text: body } };
    if (cut) {
      throw new Failure(
        'OutputInvalid',
        `${label}: the JSON of ${url.host} is longer than the cap of ${(capBytes / 2 ** 20).toLocaleString('en-US')} MB. Ask for less of it, such as one page.`,
        left(),
      );
    }
    try {
      return { output: { value: redactor.value(parseOutput(body, 'json')) } };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure(
        'OutputInvalid',
        `${label}: ${url.host} says that it sends JSON, and ${error.message}. Say \`parse: text\` to take it as it is.`,
        left(),
      );
    }
  }

  return {
    left,
    /** @throws Failure where the status means no success, or the body is not what it says it is */
    async receive(hop: Hop, response: Response): Promise<Effect> {
      if (succeeds(work, response)) return effect(hop, response);
      throw await failed(hop, response);
    },
  };
}

const CUT = '\n[muster: cut here, the response goes on]';

const codingOf = (response: Response): string => headerOf(response, 'content-encoding') ?? 'identity';
const typeOf = (response: Response): string => (headerOf(response, 'content-type') ?? '').toLowerCase();
const isJson = (response: Response): boolean =>
  /^application\/(json|[\w.+-]+\+json)\s*(;|$)/.test(typeOf(response));
/** What can be quoted; a body of no type may be anything. */
const isText = (response: Response): boolean =>
  codingOf(response) === 'identity' &&
  (isJson(response) || /^(text\/|application\/([\w.+-]+\+)?xml)/.test(typeOf(response)));

/** What a text says it is written in, where that is known here; JSON is UTF-8 (RFC 8259, 8.1). */
function charsetOf(response: Response): string | undefined {
  const label = /;\s*charset="?([\w.:-]+)/.exec(typeOf(response))?.[1];
  if (label === undefined || isJson(response)) return;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return;
  }
}

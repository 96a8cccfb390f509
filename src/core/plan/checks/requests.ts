import { carriersOf, type Draft, executorOf } from '../draft.js';
import { HTTP_METHODS } from '../executor.js';
import { didYouMean } from '../nearest.js';
import type { Problems } from '../problems.js';
import { HEADER_TEXT, headerMessage } from '../render.js';
import { requestOf, type WrittenRequest } from '../request.js';
import { hasTemplate } from '../template.js';
import { urlProblem } from '../url.js';

/** Headers that belong to Muster: to the connection, to how much is sent, to who asks. */
const OURS: ReadonlySet<string> = new Set([
  ...['accept-encoding', 'connection', 'content-encoding', 'content-length', 'expect', 'host'],
  ...['http2-settings', 'idempotency-key', 'keep-alive', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);
/** A token (RFC 9110, 5.6.2). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Headers that hold what nobody but the two ends should read. */
const CONFIDENTIAL = /^(authorization|cookie)$|api-?key|token|secret|password/i;

/** Requests say whom they talk to, and send nothing that would be taken for something else. */
export function checkRequests(draft: Draft, problems: Problems): void {
  for (const brief of draft.briefs.flatMap(carriersOf)) {
    const request = requestOf(brief);
    if (!request || executorOf(brief) === undefined) continue;
    checkMethod(request, problems);
    const problem = urlProblem(request.url.value);
    if (problem !== undefined) problems.error(request.url.path, problem);
    checkHeaders(request, problems);
  }
}

function checkMethod({ method, body }: WrittenRequest, problems: Problems): void {
  const { value, path } = method;
  if (value === '') problems.error(path, 'write the method, then the address: `GET https://…`.');
  else if (!(HTTP_METHODS as readonly string[]).includes(value)) {
    const hint = didYouMean(value, HTTP_METHODS) || ` Known here: ${HTTP_METHODS.join(', ')}.`;
    problems.error(path, `\`${value}\` is no method.${hint}`);
  }
  if (body && (value === 'GET' || value === 'HEAD'))
    problems.error(
      body.path,
      `\`${value}\` sends no body. Say \`method: POST\`, or put the value into the address.`,
    );
}

function checkHeaders({ headers }: WrittenRequest, problems: Problems): void {
  const seen = new Set<string>();
  for (const { name, value, path } of headers) {
    const lower = name.toLowerCase();
    if (!NAME.test(name)) problems.error(path, `\`${name}\` is no name of a header.`);
    else if (lower === 'idempotency-key') {
      problems.error(path, 'Muster sends `Idempotency-Key` itself, one for each effect. Remove this.');
    } else if (OURS.has(lower)) {
      problems.error(path, `\`${name}\` belongs to the connection, which is Muster's. Remove this.`);
    } else if (seen.has(lower)) {
      problems.error(path, `the header \`${name}\` stands twice. Keep one.`);
    }
    seen.add(lower);
    const text = typeof value === 'string' ? value : (value.prefix ?? '');
    if (typeof value !== 'string' && hasTemplate(text))
      problems.error(path, 'no templates here: `prefix` is what stands before the secret, as it is.');
    else if (!hasTemplate(text) && !HEADER_TEXT.test(text)) problems.error(path, headerMessage(name));
    if (typeof value === 'string' && CONFIDENTIAL.test(name)) {
      problems.warning(
        path,
        `what \`${name}\` holds is kept with the plan, for everybody who can read the store. Use \`{ env: NAME }\`.`,
      );
    }
  }
}

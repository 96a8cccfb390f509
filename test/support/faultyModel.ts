import { createServer, type ServerResponse } from 'node:http';
import { bodyOf, DONE, modelListening, piece as pieceOf } from './endpoint.js';
import { INPUT, itemIn, OUTPUT, right } from './numbering.js';

/** What a provider does instead of answering; the last two are answers, one very long and one that takes its time. */
export const FAULTS = [
  '429 with Retry-After',
  '429',
  '500',
  'hangs',
  'cut in the middle',
  'no JSON',
  'another schema',
  'refuses',
  '3 MB',
  'slow tokens',
] as const;
export type Fault = (typeof FAULTS)[number];
/** Those that answer. */
export const ANSWERING: readonly Fault[] = ['3 MB', 'slow tokens'];

export interface Call {
  /** The number of the item that it is about. */
  readonly item: number;
  readonly key: string;
  readonly fault?: Fault;
  /** What the answer said that it took; 0 where it said nothing. */
  tokens: number;
}

const MODEL = 'faulty-1';

/**
 * An endpoint that answers `{"n": N}` where it is asked about `item N`. The first time it does what `fault` says of that
 * item, and after that it answers.
 */
export async function faultyModel(fault: (item: number) => Fault | undefined, { ms = 5 } = {}) {
  const calls: Call[] = [];
  const seen = new Set<number>();
  const server = createServer(async (request, response) => {
    const item = itemIn(await bodyOf(request));
    const what = seen.has(item) ? undefined : fault(item);
    seen.add(item);
    const call: Call = {
      ...{ item, key: String(request.headers['idempotency-key']), tokens: 0 },
      ...(what && { fault: what }),
    };
    calls.push(call);
    const reply: Reply = what ? FAULTY[what] : (to) => say(to, call, [right(call.item)]);
    setTimeout(() => reply(response, call), ms);
  });
  return { ...(await modelListening(server)), calls };
}

type Reply = (response: ServerResponse, call: Call) => void;

const FAULTY: { readonly [F in Fault]: Reply } = {
  '429 with Retry-After': (response) => fail(response, 429, { 'retry-after': '1' }),
  '429': (response) => fail(response, 429),
  '500': (response) => fail(response, 500),
  hangs: () => undefined,
  'cut in the middle'(response, call) {
    begin(response);
    response.write(piece({ content: right(call.item).slice(0, 3) }));
    setTimeout(() => response.destroy(), 20);
  },
  'no JSON': (response, call) => say(response, call, ['It is ', String(call.item)]),
  'another schema': (response, call) => say(response, call, [JSON.stringify({ number: String(call.item) })]),
  '3 MB'(response, call) {
    const words = Array.from({ length: 48 }, () => `${'word '.repeat(2 ** 16 / 5)}`);
    say(response, call, [`{"n": ${call.item}, "more": "`, ...words, '"}']);
  },
  refuses(response, call) {
    begin(response);
    response.write(piece({ refusal: 'I would rather not.' }));
    end(response, call);
  },
  'slow tokens': (response, call) => slowly(response, call, right(call.item)),
};

const piece = (...said: [delta: object, finish_reason?: string, usage?: object]) => pieceOf(MODEL, ...said);

const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

function fail(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ error: { message: `It says ${status}.`, type: 'fault' } }));
}

function say(response: ServerResponse, call: Call, parts: readonly string[]): void {
  begin(response);
  for (const content of parts) response.write(piece({ content }));
  end(response, call);
}

function end(response: ServerResponse, call: Call): void {
  call.tokens = INPUT + OUTPUT;
  response.write(piece({}, 'stop', { prompt_tokens: INPUT, completion_tokens: OUTPUT }));
  response.end(DONE);
}

/** From the first token of a slow answer to its end, ms. */
export const SLOW_MS = 3_500;

/** Never silent for long, and in all as long as {@link SLOW_MS}. */
function slowly(response: ServerResponse, call: Call, text: string): void {
  begin(response);
  const letters = [...text];
  const everyMs = SLOW_MS / letters.length;
  const next = () => {
    const content = letters.shift();
    if (content === undefined) return end(response, call);
    response.write(piece({ content }));
    setTimeout(next, everyMs);
  };
  next();
}

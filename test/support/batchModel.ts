import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bodyOf, DONE, modelListening, piece } from './endpoint.js';
import { INPUT, itemIn, OUTPUT, right } from './numbering.js';

const MODEL = 'batched-1';

interface Line {
  readonly custom_id: string;
  readonly body: unknown;
}
export interface Sent {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly Line[];
  status: string;
  /** Items that it answered, and keys of those that expired. */
  answered: number[];
  cancelled?: number;
}

interface Conduct {
  /** From when a batch is sent until it is over, ms. */
  readonly ms?: number;
  /** Whether item `n` expires in the batch it is sent in the first time. */
  readonly expires?: (item: number) => boolean;
  /** There are no batches here. */
  readonly none?: boolean;
}

/** An endpoint with a Batch API that answers `{"n": N}` where it is asked about `item N`, and counts what it answered. */
export async function batchModel({ ms = 500, expires = () => false, none = false }: Conduct = {}) {
  const files = new Map<string, string>();
  const batches = new Map<string, Sent>();
  const direct: number[] = [];
  const seen = new Set<number>();
  let looks = 0;

  function finish(sent: Sent, how: string): void {
    if (sent.status !== 'in_progress') return;
    const ok: string[] = [];
    const bad: string[] = [];
    for (const { custom_id, body } of sent.lines) {
      const item = itemIn(JSON.stringify(body));
      const expired = how !== 'completed' || (expires(item) && !seen.has(item));
      seen.add(item);
      if (expired) {
        const error = { code: 'batch_expired', message: 'It could not be done in time.' };
        bad.push(JSON.stringify({ id: `r-${custom_id}`, custom_id, response: null, error }));
      } else {
        sent.answered.push(item);
        const response = { status_code: 200, request_id: 'r', body: completion(item) };
        ok.push(JSON.stringify({ id: `r-${custom_id}`, custom_id, response, error: null }));
      }
    }
    // In no order.
    files.set(`${sent.id}-out`, ok.reverse().join('\n'));
    files.set(`${sent.id}-err`, bad.join('\n'));
    sent.status = bad.length > 0 && how === 'completed' ? 'expired' : how;
  }

  const shown = ({ id, name, lines, status, answered }: Sent) => ({
    ...{ id, object: 'batch', endpoint: '/v1/chat/completions', completion_window: '24h', status },
    created_at: Math.floor(Date.now() / 1_000),
    input_file_id: `${id}-in`,
    ...(status !== 'in_progress' && { output_file_id: `${id}-out`, error_file_id: `${id}-err` }),
    metadata: { muster: name },
    request_counts: { total: lines.length, completed: answered.length, failed: 0 },
  });

  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const { method, url = '' } = request;
    const path = url.replace(/^\/v1/, '').replace(/\?.*/, '');
    if (path === '/chat/completions') {
      const item = itemIn(text);
      direct.push(item);
      stream(response, item);
    } else if (none) say(response, { error: { message: 'Not found' } }, 404);
    else if (path === '/files') {
      const id = `file-${files.size + 1}`;
      files.set(
        id,
        text
          .split(/\r?\n/)
          .filter((line) => line.startsWith('{"custom_id"'))
          .join('\n'),
      );
      say(response, { id, object: 'file', purpose: 'batch' });
    } else if (path === '/batches' && method === 'POST') {
      const { input_file_id, metadata } = JSON.parse(text) as {
        input_file_id: string;
        metadata: { muster: string };
      };
      const lines = files
        .get(input_file_id)!
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      const id = `batch-${batches.size + 1}`;
      const sent: Sent = { id, name: metadata.muster, lines, status: 'in_progress', answered: [] };
      batches.set(id, sent);
      setTimeout(() => finish(sent, 'completed'), ms);
      say(response, shown(sent));
    } else if (path === '/batches') {
      const data = [...batches.values()].reverse().map(shown);
      say(response, { object: 'list', data, has_more: false });
    } else if (path.endsWith('/cancel')) {
      const sent = batches.get(path.split('/')[2]!)!;
      sent.cancelled = Date.now();
      finish(sent, 'cancelled');
      say(response, shown(sent));
    } else if (path.startsWith('/batches/')) {
      looks++;
      say(response, shown(batches.get(path.split('/')[2]!)!));
    } else if (path.endsWith('/content')) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(files.get(path.split('/')[2]!) ?? '');
    } else say(response, { deleted: true });
  }

  const server = createServer((request, response) => void reply(request, response));
  return {
    ...(await modelListening(server)),
    /** In the order they were sent. */
    sent: () => [...batches.values()],
    /** Items that were asked for directly. */
    direct,
    looks: () => looks,
  };
}

const usage = { prompt_tokens: INPUT, completion_tokens: OUTPUT };

const completion = (item: number) => ({
  ...{ object: 'chat.completion', model: MODEL, usage },
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: right(item), refusal: null },
    },
  ],
});

function say(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function stream(response: ServerResponse, item: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(piece(MODEL, { content: right(item) }));
  response.write(piece(MODEL, {}, 'stop', usage));
  response.end(DONE);
}

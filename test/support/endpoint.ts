import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Has a server listen on a free port of loopback; `close` ends what is still connected too. */
export async function listening(server: Server) {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** The same of an endpoint of models, with the address that OPENAI_BASE_URL wants. */
export async function modelListening(server: Server) {
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}/v1`, close };
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A piece of an answer that streams, as a chat completion's chunk. */
export function piece(
  model: string,
  delta: object,
  finish_reason: string | null = null,
  usage?: object,
): string {
  const choices = [{ index: 0, delta, finish_reason }];
  return `data: ${JSON.stringify({ object: 'chat.completion.chunk', model, choices, ...(usage && { usage }) })}\n\n`;
}
/** What a stream of pieces ends with. */
export const DONE = 'data: [DONE]\n\n';

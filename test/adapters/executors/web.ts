import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Policy } from '../../../src/adapters/executors/policy.js';
import type { HttpWork } from '../../../src/core/plan/render.js';
import { ANYTHING } from './task.js';

/** A server on this machine, and what it was asked. */
export interface Web {
  readonly port: number;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly seen: IncomingMessage[];
  /** Bodies of what it was asked, in the same order. */
  readonly bodies: string[];
  /** How it answers; set by each test. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Connections made to it, and those that are still open. */
  connections(): { readonly made: number; readonly open: number };
  close(): void;
}

export async function web(host = '127.0.0.1'): Promise<Web> {
  let made = 0;
  let open = 0;
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      one.seen.push(request);
      one.bodies.push(Buffer.concat(chunks).toString());
      one.answer(request, response);
    });
  };
  const server = createServer(listener);
  server.on('connection', (socket) => {
    made++;
    open++;
    socket.on('close', () => open--);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const one: Web = {
    port,
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen: [],
    bodies: [],
    answer: (_, response) => response.end(),
    connections: () => ({ made, open }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return one;
}

export const getting = (url: string, more: Partial<HttpWork> = {}): HttpWork => ({
  kind: 'http',
  method: 'GET',
  url,
  headers: [],
  byType: true,
  ...more,
});

/** Answers with a status, headers and a body. */
export const saying =
  (status: number, body: string | object = '', headers: { readonly [name: string]: string } = {}) =>
  (_: IncomingMessage, response: ServerResponse): void => {
    const json = typeof body === 'object';
    response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain', ...headers });
    response.end(json ? JSON.stringify(body) : body);
  };

/** Of a worker that may talk to this machine's IPv4 loopback, and to nothing else that is private. */
export const HERE: Policy = { ...ANYTHING, privateAddresses: ['127.0.0.0/8'] };

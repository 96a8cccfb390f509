import { type AddressInfo, connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Two ports of the loopback interface that nobody listens on: the preferred ones while they are free. */
export async function freePorts(preferred: readonly [number, number] = [0, 0]): Promise<[number, number]> {
  const first = await listen(preferred[0]);
  const second = await listen(preferred[1]);
  await Promise.all([first.close(), second.close()]);
  return [first.port, second.port];
}

async function listen(port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen({ port, host: LOOPBACK }, resolve);
    });
  } catch (error) {
    if (port === 0) throw error;
    return listen(0);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Whether something listens at `host:port`. */
export function listens(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve) => {
    const socket = connect({
      host: address.slice(0, colon),
      port: Number(address.slice(colon + 1)),
      timeout: 1_000,
    });
    const answer = (is: boolean) => () => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

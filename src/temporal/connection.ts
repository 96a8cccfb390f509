import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, isGrpcServiceError } from '@temporalio/client';
import type { PayloadKey, Service } from '../config.js';
import { dataConverterOf } from './payloadCodec.js';
import { listens } from './ports.js';
import { Unreachable } from './unreachable.js';

export interface Connected {
  readonly connection: Connection;
  readonly client: Client;
  readonly namespace: string;
}

/**
 * A connection to a service that has just answered for the namespace.
 * @throws Unreachable saying which address, why, and what to do next.
 */
export async function connect(service: Service, keys?: readonly PayloadKey[]): Promise<Connected> {
  const { address, namespace } = service;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({
      address,
      connectTimeout: 5_000,
      ...service.credentials.reveal(),
    });
    const open = connection;
    await open.withDeadline(Date.now() + 5_000, () => open.workflowService.describeNamespace({ namespace }));
    const client = new Client({ connection, namespace, dataConverter: dataConverterOf(keys) });
    return { connection, client, namespace };
  } catch (error) {
    await connection?.close();
    throw new Unreachable(explain(service, error), { cause: error });
  }
}

/**
 * Waits for a service that is just coming up.
 * @throws Unreachable after `ms`, or at once when `gone` aborts
 */
export async function untilAnswers(service: Service, ms: number, gone?: AbortSignal): Promise<void> {
  for (const until = Date.now() + ms; ; await sleep(20)) {
    // A bare socket first: it costs nothing, and gRPC would back off between its own tries.
    if (await listens(service.address)) {
      try {
        return await (await connect(service)).connection.close();
      } catch (error) {
        if (gone?.aborted || Date.now() > until) throw error;
      }
    }
    if (gone?.aborted || Date.now() > until) throw new Unreachable(`Nothing answers at ${service.address}.`);
  }
}

const GRPC = { notFound: 5, permissionDenied: 7, unauthenticated: 16 };

function explain({ address, namespace }: Service, error: unknown): string {
  const code = isGrpcServiceError(error) ? error.code : undefined;
  if (code === GRPC.notFound)
    return `Temporal at ${address} has no namespace \`${namespace}\`. Create it, or set TEMPORAL_NAMESPACE to one that exists.`;
  if (code === GRPC.permissionDenied || code === GRPC.unauthenticated)
    return `Temporal at ${address} refuses these credentials for namespace \`${namespace}\`. Check TEMPORAL_API_KEY or the TLS certificate of the profile.`;
  return `No Temporal answers at ${address}: ${(error as Error).message}. Check the address and that the service runs; \`muster doctor\` shows where the address comes from.`;
}

import { hostname } from 'node:os';
import { fileStore } from '../dist/adapters/stores/file.js';
import { readConfig } from '../dist/config.js';
import { taskQueueOf } from '../dist/contracts/run.js';
import { connect } from '../dist/temporal/connection.js';
import { pollersOf } from '../dist/temporal/doctor.js';

/**
 * The health check of a container: exit 0 while its store can be written to, Temporal answers for the namespace, and a
 * worker of this very machine polls the queue of the store. One that hangs is found out after 70 s.
 */
try {
  const { store: folder, service } = readConfig();
  if (!service) throw new Error('TEMPORAL_ADDRESS names no service.');
  // Opening it writes and fsyncs a file.
  const queue = taskQueueOf(await fileStore(folder));
  const connected = await connect(service);
  const pollers = await pollersOf(connected, service.namespace, queue);
  await connected.connection.close();
  if (!pollers.some((identity) => identity.endsWith(`@${hostname()}`)))
    throw new Error(`No worker of ${hostname()} polls ${queue}.`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

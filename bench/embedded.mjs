import { join } from 'node:path';
import { readConfig } from '../dist/config.js';
import { untilAnswers } from '../dist/temporal/connection.js';
import { prepareHome } from '../dist/temporal/home.js';
import { locate } from '../dist/temporal/locate.js';
import { freePorts } from '../dist/temporal/ports.js';
import { embeddedService, startServer } from '../dist/temporal/server.js';

/** A server of the bench's own in `folder`, started as Muster starts its embedded one. */
export async function embedded(folder) {
  const home = join(folder, 'home');
  prepareHome(home);
  const config = readConfig({ ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '' });
  const { binary } = await locate(config);
  const ports = await freePorts();
  const { namespace, durability } = config;
  const child = startServer({ binary, home, namespace, durability, ports });
  const service = embeddedService(`127.0.0.1:${ports[0]}`, namespace);
  await untilAnswers(service, 60_000);
  const stop = () => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGTERM'));
  return { address: service.address, namespace, binary, stop };
}

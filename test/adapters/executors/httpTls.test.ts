import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect as tcp } from 'node:net';
import { createSecureContext, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpExecutor } from '../../../src/adapters/executors/http.js';
import { noResponse } from '../../../src/adapters/executors/httpFailures.js';
import { firstHop } from '../../../src/adapters/executors/httpRedirect.js';
import { CERTIFICATE, KEY } from '../../support/certificate.js';
import { failureOf, taskFor } from './task.js';
import { getting, HERE, type Web, web } from './web.js';

let server: Server;
let port: number;
let plain: Web;
const names: string[] = [];
let requests = 0;
beforeAll(async () => {
  const context = createSecureContext({ key: KEY, cert: CERTIFICATE });
  const SNICallback: TlsOptions['SNICallback'] = (name, done) => {
    names.push(name);
    done(null, context);
  };
  server = createServer({ key: KEY, cert: CERTIFICATE, SNICallback }, (_, response) => {
    requests++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  plain = await web();
});
afterAll(() => {
  server.close();
  plain.close();
});

const http = httpExecutor({
  policy: { ...HERE, privateAddresses: ['127.0.0.1'] },
  env: {},
  resolve: async () => [{ address: '127.0.0.1', family: 4 }],
});

describe('TLS', () => {
  it('asks for the host by its name, though the address is what is connected to, and believes nobody', async () => {
    const failure = await failureOf(http(taskFor(getting(`https://api.test:${port}/`))));
    expect(names).toEqual(['api.test']);
    expect(requests).toBe(0);
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
    expect(failure.message).toContain(`GET api.test:${port} failed: it signed its certificate itself.`);
    expect(failure.message).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('that a server does not speak is told plainly', async () => {
    const failure = await failureOf(http(taskFor(getting(`https://api.test:${plain.port}/`))));
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: false });
    expect(failure.message).toContain('failed: it speaks no TLS there.');
  });

  it('that is missed tells so too', async () => {
    const failure = await failureOf(http(taskFor(getting(`http://api.test:${port}/`))));
    expect(failure.type).toBe('HttpFailed');
    await new Promise<void>((resolve) => tcp(port, '127.0.0.1').end(resolve));
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'its certificate has expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the whole chain'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'somebody this worker does not know'],
  ])('with a certificate of which %s is said, is for good', (code, says) => {
    const hop = firstHop(getting(''), new URL('https://api.test/'));
    const failure = noResponse('dig', hop, Object.assign(new Error('inner words'), { code }), {});
    expect(failure).toMatchObject({ type: 'HttpFailed', permanent: true });
    expect(failure.message).toContain(says);
    expect(failure.message).not.toContain('inner words');
  });

  it('leaves an error that is none of the network to whoever finds bugs', () => {
    const bug = new TypeError('x is not a function');
    const hop = firstHop(getting(''), new URL('https://api.test/'));
    expect(() => noResponse('dig', hop, bug, {})).toThrow(bug);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPolicy } from '../../../src/adapters/executors/policyFile.js';

const folder = mkdtempSync(join(tmpdir(), 'policy-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (text: string) => {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  return readPolicy(path);
};

describe('a policy file', () => {
  it('says whom requests may talk to, and where', () => {
    const policy = {
      env: ['API_*'],
      hosts: ['api.test', '*.corp.test', 'localhost:8080', '[::1]:*'],
      privateAddresses: ['localhost', '*.corp.test', '10.0.0.0/8', '::1', 'fd00::/8'],
    };
    expect(read(JSON.stringify(policy))).toEqual(policy);
    expect(read('hosts: "*"\nprivateAddresses: true')).toEqual({ hosts: '*', privateAddresses: true });
  });

  it('says what providers allow, by model', () => {
    const text =
      'models: { "gpt-5*": { requests: 500, tokens: 200000, per: 1m, concurrency: 50, instead: small } }';
    expect(read(text).models).toEqual({
      'gpt-5*': { requests: 500, tokens: 200_000, perMs: 60_000, concurrency: 50, instead: 'small' },
    });
  });

  it('says what models may call; servers are started in its folder unless it says which', () => {
    const policy = `
tools:
  functions: [search]
  mcp:
    files: { command: [node, server.mjs], env: [FILES_TOKEN] }
    notes: { command: [notes], folder: sub }
    web: { url: 'https://mcp.example.com/mcp', headers: { Authorization: { env: WEB_TOKEN, prefix: 'Bearer ' } } }
`;
    expect(read(policy).tools).toEqual({
      functions: ['search'],
      mcp: {
        files: { command: ['node', 'server.mjs'], env: ['FILES_TOKEN'], folder },
        notes: { command: ['notes'], folder: join(folder, 'sub') },
        web: {
          url: 'https://mcp.example.com/mcp',
          headers: { Authorization: { env: 'WEB_TOKEN', prefix: 'Bearer ' } },
        },
      },
    });
    expect(read('tools: {}').tools).toEqual({ functions: [], mcp: {} });
  });

  it.each([
    ['models: { a: { requests: 0 } }', 'models.a.requests: wants at least 1'],
    ['models: { a: { per: minute } }', 'models.a.per: wants a duration such as `1m`'],
    ['models: { a: { per: 10ms } }', 'models.a.per: wants at least 1s'],
    ['models: { a: { rpm: 5 } }', 'models.a: Unrecognized key: "rpm"'],
    ['tools: { mcp: { Files: { command: [x] } } }', 'tools.mcp.Files: '],
    ['tools: { mcp: { files: { command: x } } }', 'tools.mcp.files: wants `command`'],
    ['tools: { mcp: { files: { url: "ftp://x" } } }', 'tools.mcp.files.url: wants an address'],
    ['tools: [search]', 'tools: '],
    ['hosts: ["https://api.test"]', 'hosts.0: wants a host such as `api.example.com`'],
    ['hosts: ["a.test", "*"]', 'hosts.1: wants a host'],
    ['hosts: ["api.*.test"]', 'hosts.0: wants a host'],
    ['hosts: api.test', 'hosts: wants `*`, or a list'],
    ['privateAddresses: ["localhost:80"]', 'privateAddresses.0: wants a host without a port'],
    ['privateAddresses: ["10.0.0.0/33"]', 'privateAddresses.0: wants a host'],
    ['privateAddresses: all', 'privateAddresses: wants true, false, or a list'],
    ['host: []', 'Unrecognized key: "host"'],
  ])('that says %s is told what will do', (text, says) => expect(() => read(text)).toThrow(says));
});

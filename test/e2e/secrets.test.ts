import { randomBytes } from 'node:crypto';
import { createServer as createModel, type Server as Model } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { found, type Place as Place1, placesIn, withStreams } from '../support/canaries.js';
import { CERTIFICATE, KEY } from '../support/certificate.js';
import { itEmbedded, type Place, place } from '../support/muster.js';

const random = () => randomBytes(12).toString('hex');
const listening = async (server: Server | Model) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** Twenty, some with signs that programs write in other ways. */
const canaries = (): { [name: string]: string } => {
  const named = Array.from({ length: 17 }, (_, n) => [
    `C_${String(n + 1).padStart(2, '0')}`,
    n % 3 === 0 ? `${random()}/+&="<${random()}` : `cn-${random()}`,
  ]);
  return {
    ...Object.fromEntries(named),
    C_PEM: `-----BEGIN KEY-----\n${random()}${random()}\n${random()}${random()}\n-----END KEY-----`,
    OPENAI_API_KEY: `sk-${random()}`,
    DATABASE_URL: `postgres://me:${random()}@db.example/x`,
  };
};
/** What of each must not be found. */
const partsOf = (values: { readonly [name: string]: string }): [string, string][] =>
  Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (name === 'C_PEM')
      return value
        .split('\n')
        .slice(1, 3)
        .map((line) => [name, line]);
    if (name === 'DATABASE_URL') return [[name, new URL(value).password]];
    return [[name, value]];
  });

const PRINT = `
import { inspect } from 'node:util';
const [where, code, ...names] = process.argv.slice(2);
const forms = [(v) => v, encodeURIComponent, (v) => Buffer.from('user:' + v).toString('base64'), (v) => Buffer.from(v).toString('hex'), (v) => JSON.stringify(v), (v) => JSON.stringify(v).replaceAll('/', '\\\\/'), (v) => inspect(Buffer.from(v)), encodeURI];
for (const name of names) for (const form of forms) {
  if (where !== 'err') console.log(name, form(process.env[name]));
  if (where !== 'out') console.error(name, form(process.env[name]));
}
process.exitCode = Number(code);
`;
const FUNCTIONS = `
const env = process.env;
export const leaks = async ({ progress }) => {
  progress({ note: 'with ' + env.C_12 });
  // Until a heartbeat has told of it.
  await new Promise((done) => setTimeout(done, 2500));
  console.log('printed', env.C_12);
  process.emitWarning('warned of ' + env.C_12);
  console.error('printed', Buffer.from(env.C_12).toString('base64'));
  return { got: env.C_12, [env.C_12]: [Buffer.from('ab' + env.C_12).toString('base64')] };
};
export const throws_long = () => {
  throw new Error('x'.repeat(280) + env.C_14);
};
export const throws = () => {
  throw Object.assign(new Error('cannot reach ' + env.DATABASE_URL + ' with ' + env.C_13 + env.C_14, { cause: new Error(env.C_14) }), { config: env.C_14 });
};
`;

let here: Place;
let web: Server;
let model: Model;
let values: { [name: string]: string };
let control: string;
let plan: string;

beforeEach(async () => {
  here = place({ embedded: true });
  values = canaries();
  control = `control-${random()}`;
  web = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    const given = request.headers.authorization ?? '';
    if (request.url === '/moved')
      return response.writeHead(302, { location: `/after?token=${encodeURIComponent(given)}` }).end();
    if (request.url?.startsWith('/after'))
      return response.writeHead(500, { 'content-type': 'text/plain' }).end(`no ${request.url} for ${given}`);
    if (request.url === '/refused')
      return response
        .writeHead(400, { 'content-type': 'text/plain' })
        .end(`${'x'.repeat(165)} you sent ${given}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ you: given, in64: Buffer.from(given).toString('base64') }));
  });
  model = createModel(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const key = request.headers.authorization ?? '';
    if (text.includes('faulty'))
      return response
        .writeHead(500, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: `${'x'.repeat(215)} internal: ${key}`, key } }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const piece = (more: object) =>
      `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: key, ...more })}\n\n`;
    response.write(
      piece({ choices: [{ index: 0, delta: { content: `Your key: ${key}` }, finish_reason: 'stop' }] }),
    );
    return response.end('data: [DONE]\n\n');
  });
  const origin = `https://localhost:${await listening(web)}`;
  const header = (env: string) => ({ Authorization: { env, prefix: 'Bearer ' } });
  const once = { retry: { attempts: 1 } };
  const command = (id: string, ...args: string[]) => ({ id, run: ['node', 'print.mjs', ...args], ...once });
  here.write('print.mjs', PRINT);
  Object.assign(here.env, values, {
    MUSTER_FUNCTIONS: here.write('functions.mjs', FUNCTIONS),
    MUSTER_POLICY: here.write('policy.json', { env: ['C_*'], privateAddresses: ['localhost'] }),
    NODE_EXTRA_CA_CERTS: here.write('ca.pem', CERTIFICATE),
    OPENAI_BASE_URL: `http://127.0.0.1:${await listening(model)}/v1`,
  });
  plan = here.write('plan.json', {
    muster: 1,
    name: 'canaries',
    brief: `Which of them gets out? ${control}`,
    requirements: [
      { id: 'one', says: `At least one. ${control}`, check: { count: { min: 1 }, in: '$.all[*]' } },
    ],
    models: { default: 'm-1' },
    briefs: [
      { id: 'echoed', http: { url: `${origin}/echo`, headers: header('C_01') }, ...once },
      { id: 'refused', http: { url: `${origin}/refused`, headers: header('C_02') }, ...once },
      { id: 'moved', http: { url: `${origin}/moved`, headers: header('C_03') }, ...once },
      command('printed', 'out', '0', 'C_04', 'C_05'),
      command('failed', 'err', '3', 'C_06'),
      command('failed_too', 'err', '3', 'C_07'),
      command('both', 'both', '1', 'C_08', 'C_09', 'C_10', 'C_PEM'),
      {
        ...command('unaccepted', 'out', '0', 'C_11'),
        accept: { command: ['node', 'print.mjs', 'err', '1', 'C_11'] },
      },
      { id: 'leaks', call: 'leaks', ...once },
      { id: 'throws', call: 'throws', ...once },
      { id: 'throws_long', call: 'throws_long', ...once },
      { id: 'model_fails', ask: `faulty ${control}`, ...once },
      { id: 'model_echoes', ask: `kind ${control}`, ...once },
      {
        id: 'says',
        run: ['node', '-e', `console.error(${JSON.stringify(control)}); process.exit(1)`],
        ...once,
      },
      { ...command('json', 'out', '0', 'C_15', 'C_16'), parse: 'lines' },
    ],
    integrate: {
      merge: { all: { from: ['echoed', 'leaks'], at: '$' } },
      verify: ['node', 'print.mjs', 'err', '1', 'C_17'],
    },
  });
});
afterEach(async () => {
  for (const server of [web, model]) {
    server.closeAllConnections();
    server.close();
  }
  await here.close();
});

/** Runs the plan to its end; everything that was written or said then. */
async function everything(id: string): Promise<Place1[]> {
  const said = [
    await here.muster('run', plan, '--id', id, '--verbose'),
    await here.muster('plan', plan, '--json'),
    await here.muster('result', id, '--json'),
    await here.muster('result', id, '--format', 'md'),
    await here.muster('status', id, '--json'),
    await here.muster('doctor', '--json'),
    await here.muster('dev', '--stop'),
  ];
  expect(
    said.map(({ code }) => code),
    said.map(({ stderr }) => stderr).join('\n'),
  ).toEqual([3, 0, 3, 3, 3, 0, 0]);
  const told = said.map(({ stdout, stderr }, n) => ({
    name: `said ${n}`,
    bytes: Buffer.from(stdout + stderr),
  }));
  return [...told, ...placesIn(here.env.MUSTER_HOME!)];
}
const isDatabase = (name: string) => name.startsWith('server/server.db');

describe('the search', () => {
  const value = `${random()}/+&="<`;
  const forms: readonly (readonly [string, Buffer | string])[] = [
    ['plain', value],
    ['in an address', encodeURIComponent(value)],
    ['in JSON', JSON.stringify(value)],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
    ...['', 'a', 'ab'].map(
      (b) => [`in base64 after ${b.length}`, Buffer.from(`${b}${value} `).toString('base64')] as const,
    ),
    ['compressed', Buffer.concat([Buffer.from('before'), gzipSync(`x ${value}`)])],
    ['half of it', value.slice(0, value.length / 2)],
  ];
  it.each(forms)('finds what is %s', (_, form) => {
    expect(found(value, withStreams({ name: 'it', bytes: Buffer.from(form) })).length).toBeGreaterThan(0);
  });
});

itEmbedded('of twenty secrets none is found anywhere, where a control is', async () => {
  const places = await everything('plain');
  const controls = found(control, places);
  expect(controls.some(isDatabase)).toBe(true);
  for (const part of ['store/', 'reports/', 'said ']) expect(controls.join('\n')).toContain(part);
  expect(Object.keys(values)).toHaveLength(20);
  const seen = partsOf(values).flatMap(([name, value]) =>
    found(value, places).map((where) => `${name}: ${where}`),
  );
  expect(seen).toEqual([]);
  // The report says of which briefs.
  const report = places.find(({ name }) => /^reports\/.*report\.json$/.test(name))!;
  const { answer } = JSON.parse(report.bytes.toString());
  expect(answer.ledger.find((row: { brief: string }) => row.brief === 'leaks').redacted).toEqual(['C_12']);
  // Each was really there to be taken out.
  const all = Buffer.concat(places.map(({ bytes }) => bytes)).toString();
  for (const name of Object.keys(values)) expect(all).toContain(`[secret ${name}]`);
});

itEmbedded(
  'with a key, the database does not have what the plan says either, and the run is read back',
  async () => {
    const key = () => randomBytes(32).toString('base64');
    const first = `2025 ${key()}`;
    here.env.MUSTER_CODEC_KEYS = here.write('keys', first);
    const places = await everything('sealed');
    const controls = found(control, places);
    expect(controls.filter(isDatabase)).toEqual([]);
    expect(controls.join('\n')).toContain('store/');
    expect(partsOf(values).flatMap(([, value]) => found(value, places))).toEqual([]);

    here.write('keys', `2026 ${key()}\n`);
    const lost = await here.muster('replay', 'sealed');
    expect(lost.code).not.toBe(0);
    expect(lost.stderr).toContain('keys of payloads: there 2025, here 2026');

    here.write('keys', `# the newest first\n2026 ${key()}\n${first}\n`);
    const doctor = JSON.parse((await here.muster('doctor', '--json')).stdout);
    expect(JSON.stringify(doctor)).toContain('encrypted with the key 2026; 2025 are read as well');
    const read = await here.muster('replay', 'sealed', '--json');
    expect(read.code, read.stderr).toBe(0);
  },
);

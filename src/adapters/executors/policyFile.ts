import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../core/outcome/failure.js';
import { DURATION, milliseconds } from '../../core/plan/durations.js';
import { readYaml } from '../readYaml.js';
import { hostPattern, isRange } from './hosts.js';
import type { Policy } from './policy.js';

const names = z.array(z.string());
const wantsHost = 'wants a host such as `api.example.com`, `*.example.com` or `localhost:8080`.';
const host = z.string().refine((entry) => hostPattern(entry) !== undefined, wantsHost);
const wantsPlace = 'wants a host without a port, an address, or a range such as `10.0.0.0/8`.';
const place = z.string().refine((entry) => isRange(entry) || hostPattern(entry)?.port === '', wantsPlace);
const count = z.int('wants a whole number.').min(1, 'wants at least 1.');
const duration = z
  .string('wants a duration such as `1m`.')
  .regex(DURATION, 'wants a duration such as `1m` or `10s`.')
  .transform(milliseconds)
  .refine((ms) => ms >= 1_000, 'wants at least 1s.');
const allowance = z
  .strictObject({
    requests: count,
    tokens: count,
    per: duration,
    concurrency: count,
    instead: z.string().min(1),
  })
  .partial()
  .transform(({ per, ...rest }) => ({ ...rest, ...(per !== undefined && { perMs: per }) }));
const server = z.union(
  [
    z.strictObject({
      command: names.min(1),
      env: names.optional(),
      folder: z.string().optional(),
    }),
    z.strictObject({
      url: z.url({ protocol: /^https?$/, error: 'wants an address that begins with http:// or https://.' }),
      headers: z
        .record(
          z.string(),
          z.union([z.string(), z.strictObject({ env: z.string(), prefix: z.string().optional() })]),
        )
        .optional(),
    }),
  ],
  'wants `command`, `env` and `folder`, or `url` and `headers`.',
);
const serverName = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9_-]*$/,
    'a server is called by letters, digits, `_` and `-`, a small letter first.',
  );
const tools = z.strictObject({
  functions: z.union([z.literal('*'), names]).default([]),
  mcp: z.record(serverName, server).default({}),
});
const policySchema = z
  .strictObject({
    commands: z.union([z.literal('*'), names]),
    env: names,
    plainEnv: names,
    functions: z.union([z.literal('*'), names]),
    hosts: z.union([z.literal('*'), z.array(host)], 'wants `*`, or a list of hosts.'),
    privateAddresses: z.union([z.boolean(), z.array(place)], 'wants true, false, or a list of places.'),
    inlineCommands: z.boolean(),
    models: z.record(z.string().min(1), allowance),
    tools,
  })
  .partial();

/** What a worker lets plans do, from a YAML or JSON file. @throws Failure InvalidInput */
export function readPolicy(path: string): Partial<Policy> {
  const read = policySchema.safeParse(readYaml(path, 'policy'));
  if (read.success) return placed(read.data as Partial<Policy>, dirname(path));
  const problems = read.error.issues.map(
    ({ path: place, message }) => `  ${place.join('.') || 'the file'}: ${message}`,
  );
  throw new Failure('InvalidInput', [`${path} is no policy:`, ...problems].join('\n'));
}

/** Servers are started in the folder of the file, unless it says which. */
function placed({ tools, ...policy }: Partial<Policy>, folder: string): Partial<Policy> {
  if (!tools) return policy;
  const mcp = Object.entries(tools.mcp).map(([name, server]) => [
    name,
    'command' in server ? { ...server, folder: resolve(folder, server.folder ?? '.') } : server,
  ]);
  return { ...policy, tools: { ...tools, mcp: Object.fromEntries(mcp) } };
}

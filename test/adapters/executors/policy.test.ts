import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../src/adapters/executors/checkPolicy.js';
import { allowedHost } from '../../../src/adapters/executors/hosts.js';
import { allowedCommand, OPEN_POLICY, type Policy } from '../../../src/adapters/executors/policy.js';
import { checkModel } from '../../../src/adapters/executors/provider.js';
import { runExecutor } from '../../../src/adapters/executors/run.js';
import type { HttpHeader } from '../../../src/core/plan/executor.js';
import type { Brief, Plan } from '../../../src/core/plan/plan.js';
import { ANYTHING, command, failureOf, taskFor, textIn } from './task.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'policy-')));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text = '#!/bin/sh\necho "$0"\n') => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
};
const tool = file('tools/check');
const other = file('tools/other');
const impostor = file('plan/node');
const only = (...commands: string[]): Policy => ({ ...ANYTHING, commands });

describe('a command is allowed', () => {
  it('by exactly the name that the policy has', () => {
    expect(allowedCommand(only('node'), 'node', folder)).toBe('node');
    expect(allowedCommand(only('node'), 'nodejs', folder)).toBeUndefined();
    expect(allowedCommand(only('node'), 'Node', folder)).toBeUndefined();
  });

  it('under any path that leads to the file the policy names', () => {
    symlinkSync(tool, join(folder, 'link'));
    for (const path of [tool, './tools/check', 'tools/../tools/check', join(folder, 'link'), './link']) {
      expect(allowedCommand(only(tool), path, folder)).toBe(tool);
    }
    expect(allowedCommand(only(tool), other, folder)).toBeUndefined();
  });

  it('not by a path, where the policy has the name: another program may be called the same', () => {
    expect(allowedCommand(only('node'), './node', join(folder, 'plan'))).toBeUndefined();
    expect(allowedCommand(only('node'), impostor)).toBeUndefined();
  });

  it('not because the policy has a relative path, which would mean what the plan makes of it', () => {
    expect(allowedCommand(only('tools/check'), 'tools/check', folder)).toBeUndefined();
  });

  it('not where the file does not exist', () => {
    expect(allowedCommand(only('/no/such/tool'), '/no/such/tool')).toBeUndefined();
    expect(allowedCommand(only(tool), '', folder)).toBeUndefined();
  });

  it('as what the policy calls it: a link to a program that acts by its name cannot make it act by another', async () => {
    symlinkSync(tool, join(folder, 'rm'));
    const run = runExecutor({ policy: only(tool), env: process.env });
    expect(textIn(await run(taskFor(command([join(folder, 'rm')])))).trim()).toBe(tool);
  });

  it('never from the folder it runs in, though PATH may say so', async () => {
    file('plan/planted');
    const run = runExecutor({ policy: only('planted'), env: { PATH: `.::${join('relative', 'bin')}` } });
    const failure = await failureOf(run(taskFor(command(['planted'], { cwd: join(folder, 'plan') }))));
    expect(failure.message).toContain('there is no command `planted`');
  });
});

describe('a plan is checked against the policy before anything starts', () => {
  const brief = (more: Partial<Brief>): Brief => ({
    id: 'dig',
    executor: { kind: 'ask', text: 'Dig.' },
    needs: [],
    constraints: [],
    files: [],
    context: [],
    parse: 'text',
    okExit: [0],
    accept: [],
    retry: { attempts: 1, backoff: { minMs: 1, maxMs: 1 }, then: 'fail' },
    timeoutMs: 1000,
    heartbeatMs: 1000,
    uses: {},
    reads: [],
    writes: [],
    mirrors: [],
    ...more,
  });
  const plan = (briefs: Brief[], verify?: readonly string[]): Plan => ({
    v: 1,
    name: 'survey',
    brief: 'Survey.',
    requirements: [],
    params: {},
    inputs: {},
    limits: { concurrency: 10 },
    waves: 'rolling',
    onFailure: 'continue',
    resources: {},
    models: {},
    briefs,
    integrate: { merge: [], ...(verify && { verify }) },
    folder,
  });
  const running = (...argv: string[]) => brief({ executor: { kind: 'run', argv } });
  const calls = (name: string) => brief({ executor: { kind: 'call', name } });
  const paths = (p: Plan, policy: Policy, given: Parameters<typeof checkPolicy>[2] = { inline: false }) =>
    checkPolicy(p, policy, given).map(({ path }) => path);

  it('with every place it would be refused for, each saying what is allowed instead', () => {
    const accept = [{ kind: 'command', argv: ['jq', '.'] }] as const;
    const all = plan([running('git'), running('curl', 'x'), brief({ accept })], ['./verify.sh']);
    expect(paths(all, only('git'))).toEqual([
      'briefs[1].run[0]',
      'briefs[2].accept[0]',
      'integrate.verify[0]',
    ]);
    expect(checkPolicy(all, only('git'), { inline: false })[0]?.message).toContain('allows only git');
    expect(paths(all, ANYTHING)).toEqual([]);
  });

  it('in a fallback too', () => {
    const falls = (to: Brief) => ({ ...running('git'), fallback: to });
    const http = { kind: 'http', method: 'GET', url: 'http://localhost/x', headers: [] } as const;
    const all = plan([falls(running('curl')), falls(calls('add')), falls(brief({ executor: http }))]);
    expect(paths(all, { ...only('git'), functions: [], privateAddresses: false })).toEqual([
      'briefs[0].fallback.run[0]',
      'briefs[1].fallback.call',
      'briefs[2].fallback.http',
    ]);
  });

  it('that asks a model of a worker which has none: as its work, in a fallback, or as a judge', () => {
    const asks = brief({ executor: { kind: 'ask', text: 'x' } });
    const judged = brief({
      executor: { kind: 'run', argv: ['git'] },
      accept: [{ kind: 'judge', model: 'fast', says: 'It is short.' }],
    });
    const all = plan([running('git'), asks, { ...running('git'), fallback: asks }, judged]);
    expect(checkModel(all, {}).map(({ path }) => path)).toEqual([
      'briefs[1].ask',
      'briefs[2].fallback.ask',
      'briefs[3].accept',
    ]);
    expect(checkModel(all, { apiKey: 'k' })).toEqual([]);
    expect(checkModel(all, { baseURL: 'http://localhost:1/v1' })).toEqual([]);
  });

  it('by name or absolute path alone where briefs have workspaces: a relative path is another file in each', () => {
    const all = (...briefs: Brief[]) => plan(briefs, ['./tools/check']);
    const [shared, own] = [running('./tools/check'), { ...running('./tools/check'), workspace: {} }];
    expect(paths(all(shared), only(tool))).toEqual([]);
    const base = { kind: 'copy', tree: '', key: '', within: '', pack: { digest: '', size: 0 } } as const;
    expect(paths({ ...all(shared, own, { ...running(tool), workspace: {} }), base }, only(tool))).toEqual([
      'briefs[1].run[0]',
      'integrate.verify[0]',
    ]);
  });

  it('that came without a file: it may run nothing, unless the policy says so', () => {
    const all = plan([running('git'), calls('add'), brief({})], ['git']);
    expect(paths(all, { ...only('git'), inlineCommands: false }, { inline: true })).toEqual([
      'briefs[0].run',
      'integrate.verify',
    ]);
    expect(paths(all, { ...only('git'), inlineCommands: true }, { inline: true })).toEqual([]);
  });

  it('whose command is a template, since nobody knows yet what it will be', () => {
    const [problem] = checkPolicy(plan([running('{{ params.tool }}')]), only('git'), { inline: false });
    expect(problem).toMatchObject({ path: 'briefs[0].run[0]', message: expect.stringContaining('template') });
    expect(paths(plan([running('{{ params.tool }}')]), ANYTHING)).toEqual([]);
  });

  it('for functions that it does not allow, or that nobody registered, with the nearest name', () => {
    const all = plan([calls('add'), calls('ad'), calls('drop')]);
    expect(paths(all, { ...ANYTHING, functions: ['add', 'ad'] })).toEqual(['briefs[2].call']);
    const problems = checkPolicy(all, ANYTHING, { inline: false, functions: ['add', 'drop'] });
    expect(problems.map(({ path }) => path)).toEqual(['briefs[1].call']);
    expect(problems[0]?.message).toContain('Did you mean `add`?');
  });

  it('for a function that brings items together, which the integrator must be able to call', () => {
    const entry = { name: 'rows', from: ['a'], at: '$', key: [], match: 'exact', conflicts: [] } as const;
    const all = { ...plan([calls('add')]), integrate: { merge: [{ ...entry, reduce: 'sum' }] } };
    expect(paths(all, { ...ANYTHING, functions: ['add'] })).toEqual(['integrate.merge.rows.reduce']);
    const functions = ['add', 'sum'];
    expect(paths(all, ANYTHING, { inline: false, functions })).toEqual([]);
    expect(paths(all, ANYTHING, { inline: false, functions, reducers: ['add'] })).toEqual([
      'integrate.merge.rows.reduce',
    ]);
  });

  it('whose integrator asks a model of a worker which has none', () => {
    const judge = { kind: 'judge', model: 'capable' } as const;
    const entry = { name: 'rows', from: ['a'], at: '$', key: ['id'], match: 'exact' } as const;
    const all: Plan = {
      ...plan([running('git')]),
      requirements: [{ id: 'good', says: 'It is good.', check: judge }],
      integrate: {
        merge: [{ ...entry, conflicts: [judge] }],
        synthesize: { model: 'default', window: 1_000, rounds: 1, sections: [] },
      },
    };
    expect(checkModel(all, {}).map(({ path }) => path)).toEqual([
      'requirements[0].check.judge',
      'integrate.merge.rows.conflicts',
      'integrate.synthesize',
    ]);
    expect(checkModel(all, { apiKey: 'k' })).toEqual([]);
  });

  describe('for requests', () => {
    const asks = (url: string, headers: HttpHeader[] = []) =>
      brief({ executor: { kind: 'http', method: 'GET', url, headers } });
    const open: Policy = { ...OPEN_POLICY, env: ['API_*'] };
    const secret = [{ name: 'Authorization', env: 'API_TOKEN' }];

    it('to hosts that it does not allow, each saying which it does', () => {
      const all = plan([
        asks('https://api.test/{{ item }}'),
        asks('https://api.test:8443/'),
        asks('https://a.corp.test/'),
        asks('https://api.test.evil.test/'),
      ]);
      const policy = { ...open, hosts: ['api.test', '*.corp.test'] };
      expect(paths(all, policy)).toEqual(['briefs[1].http', 'briefs[3].http']);
      expect(checkPolicy(all, policy, { inline: false })[0]?.message).toBe(
        'this worker may not talk to `api.test:8443`; its policy allows only api.test, *.corp.test. Use one of these, or ask whoever runs the worker to allow it.',
      );
      expect(paths(all, open)).toEqual([]);
      expect(paths(all, { ...open, hosts: [] })).toHaveLength(4);
    });

    it('to addresses that are not public, as far as the plan shows them', () => {
      const all = plan([
        asks('http://127.0.0.1:8080/'),
        asks('http://localhost/'),
        asks('http://[fd00::1]/'),
      ]);
      expect(paths(all, open)).toEqual(['briefs[0].http', 'briefs[1].http', 'briefs[2].http']);
      expect(paths(all, { ...open, privateAddresses: true })).toEqual([]);
      expect(paths(all, { ...open, privateAddresses: ['localhost', 'fd00::/8'] })).toEqual([
        'briefs[0].http',
      ]);
    });

    it('with secrets that it does not name', () => {
      const all = plan([asks('https://api.test/', [...secret, { name: 'X-Other', env: 'OTHER' }])]);
      expect(paths(all, open)).toEqual(['briefs[0].http.headers.X-Other']);
      expect(paths(all, OPEN_POLICY)).toHaveLength(2);
    });

    it('of a plan without a file: to public addresses only, and with secrets only to hosts that it names', () => {
      const all = plan([asks('http://127.0.0.1/'), asks('https://api.test/', secret)]);
      const near: Policy = { ...open, privateAddresses: true };
      const inline = { inline: true };
      expect(paths(all, near)).toEqual([]);
      expect(paths(all, near, inline)).toEqual(['briefs[0].http', 'briefs[1].http.headers.Authorization']);
      expect(paths(all, { ...near, hosts: ['127.0.0.1', 'api.test'] }, inline)).toEqual(['briefs[0].http']);
      expect(paths(all, { ...near, inlineCommands: true }, inline)).toEqual([]);
      const { folder: _, ...unplaced } = all;
      expect(paths(unplaced, near)).toEqual(['briefs[0].http', 'briefs[1].http.headers.Authorization']);
    });
  });
});

describe('a host is allowed', () => {
  const allowed = (hosts: readonly string[], url: string) => allowedHost({ hosts }, new URL(url));

  it.each([
    ['api.test', 'https://api.test/', true],
    ['api.test', 'http://API.test/', true],
    ['api.test', 'https://api.test./', true],
    ['API.Test', 'https://api.test/', true],
    ['api.test', 'https://www.api.test/', false],
    ['api.test', 'https://api.test.evil.test/', false],
    ['api.test', 'https://evilapi.test/', false],
    ['api.test', 'https://api.test:8443/', false],
    ['api.test', 'http://api.test:443/', false],
    ['api.test:8443', 'https://api.test:8443/', true],
    ['api.test:8443', 'https://api.test/', false],
    ['api.test:443', 'https://api.test/', true],
    ['api.test:443', 'http://api.test/', false],
    ['api.test:*', 'http://api.test:1234/', true],
    ['*.api.test', 'https://a.b.api.test/', true],
    ['*.api.test', 'https://api.test/', false],
    ['*.api.test', 'https://evilapi.test/', false],
    ['*.api.test:*', 'https://a.api.test:99/', true],
    ['münchen.test', 'https://xn--mnchen-3ya.test/', true],
    ['127.0.0.1', 'http://0x7f.1/', true],
    ['[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/', true],
    ['*', 'https://api.test/', false],
    ['https://api.test', 'https://api.test/', false],
    ['api.test/v1', 'https://api.test/', false],
    ['me@api.test', 'https://api.test/', false],
    ['', 'https://api.test/', false],
  ])('by %s: %s is %s', (entry, url, expected) => expect(allowed([entry], url)).toBe(expected));
});

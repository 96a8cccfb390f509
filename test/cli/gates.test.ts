import { describe, expect, it } from 'vitest';
import { answer, gates } from '../../src/cli/commands/gates.js';
import { gateView } from '../../src/cli/views/gates.js';
import { PLAIN } from '../../src/cli/views/look.js';
import type { Gate, GateAnswer, Muster } from '../../src/client.js';
import { fakeContext, fakeScreen } from './fakes.js';

const gate: Gate = {
  run: 'f3a1',
  brief: 'release[a b]',
  title: 'The last word',
  question: 'Release it?\n  To all of them.',
  context: [
    { need: 'verdict', status: 'succeeded', output: { winner: 'fastify' } },
    { need: 'notes', status: 'failed', output: null },
  ],
  digest: 'f871'.repeat(16),
  since: 0,
  until: 120_000,
};

function asking(changed = true) {
  const given: (readonly [string, string, GateAnswer])[] = [];
  const take = async (_: string, brief: string, said: GateAnswer) => {
    given.push([_, brief, said]);
    return changed;
  };
  const muster: Partial<Muster> = { gates: async () => [gate], approve: take, reject: take };
  return { given, muster };
}

describe('what a gate shows', () => {
  it('is the question, what it rests on, and the commands that answer it', () => {
    expect(gateView({ gate, now: 60_000, whole: false }, PLAIN)).toEqual([
      'release[a b]: The last word  asked 1m ago, waits 1m more',
      '',
      '  Release it?',
      '    To all of them.',
      '',
      '  verdict succeeded',
      '    {',
      '      "winner": "fastify"',
      '    }',
      '',
      '  notes failed',
      '    nothing',
      '',
      "   muster approve f3a1 'release[a b]' --digest f871f871f871",
      "   muster reject f3a1 'release[a b]' --digest f871f871f871 --note WHY",
    ]);
  });

  it('is cut where it is long, and says where all of it is; nothing of it steers the terminal', () => {
    const output = Array.from({ length: 30 }, (_, i) => `line ${i}\u001b[2J`).join('\n');
    const long = { ...gate, context: [{ need: 'diff', status: 'succeeded' as const, output }] };
    const lines = gateView({ gate: long, now: 0, whole: false }, PLAIN);
    expect(lines).toContain("    … 11 more lines: muster gates f3a1 'release[a b]'");
    expect(lines.join('\n')).not.toContain('\u001b');
    expect(gateView({ gate: long, now: 0, whole: true }, PLAIN)).toContain('    line 29 [2J');
  });
});

describe('muster approve and reject', () => {
  it('send what was seen, and by whom', async () => {
    const { muster, given } = asking();
    const screen = fakeScreen();
    const context = fakeContext(muster, { screen });
    expect(
      await answer('approve', 'f3a1', gate.brief, { digest: 'F871F871', by: 'Ann', note: 'go' }, context),
    ).toBe(0);
    expect(given).toEqual([['f3a1', gate.brief, { digest: 'f871f871', by: 'Ann', note: 'go' }]]);
    expect(screen.said.answers).toEqual(['release[a b] of f3a1 is approved.']);
  });

  it('say of an answer that was given before that it was', async () => {
    const screen = fakeScreen();
    const context = fakeContext(asking(false).muster, { screen });
    await answer('reject', 'f3a1', gate.brief, { digest: gate.digest }, context);
    expect(screen.said.answers).toEqual(['release[a b] of f3a1 was rejected already.']);
  });

  it('without a digest show all of it on a terminal, and take the whole digest with a yes', async () => {
    for (const [yes, code, count] of [
      [true, 0, 1],
      [false, 1, 0],
    ] as const) {
      const { muster, given } = asking();
      const screen = fakeScreen();
      const confirm = async (question: string) => question === 'Approve this?' && yes;
      expect(await answer('approve', 'f3a1', gate.brief, {}, fakeContext(muster, { screen, confirm }))).toBe(
        code,
      );
      expect(screen.said.progress).toContain('  Release it?');
      expect(given.map(([, , { digest }]) => digest)).toEqual(Array(count).fill(gate.digest));
    }
  });

  it('without a digest and without a terminal, or for a machine, answer nothing and tell which to give', async () => {
    const { muster, given } = asking();
    const machine = fakeContext(muster, { screen: fakeScreen({ json: true }), confirm: async () => true });
    for (const context of [fakeContext(muster), machine])
      await expect(answer('approve', 'f3a1', gate.brief, {}, context)).rejects.toThrow(
        '--digest f871f871f871',
      );
    expect(given).toEqual([]);
  });

  it('name what asks, where something else was named', async () => {
    const context = fakeContext(asking().muster);
    await expect(gates('f3a1', 'relaese', context)).rejects.toThrow('What does: release[a b]');
  });
});

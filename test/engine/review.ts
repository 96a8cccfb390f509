import type { Json, JsonObject } from '../../src/core/outcome/canonical.js';
import type { End } from './recordedRun.js';

/** A small review with a hole, a difference, a duplicate and a lock that bounds it. */
export const FILES = ['src/cart.js', 'src/login.js', 'src/pay.js'];
export const REVIEW = `muster: 1
name: code-review
brief: |
  Review the shop for security and style.
  Every file is to be looked at by every reviewer.
inputs: { source: { glob: 'src/*.js' } }
requirements:
  - { id: security, says: Every file was looked at for security., check: { covers: 'inputs.source.map(f, f.path)', in: '$.looked[?@.by == "security"].file' } }
  - { id: style, says: Every file was looked at for style., check: { covers: 'inputs.source.map(f, f.path)', in: '$.looked[?@.by == "style"].file' } }
  - { id: placed, says: Every finding has a line., check: { cel: 'data.findings.all(f, has(f.line))' } }
  - { id: liked, says: It reads well. }
resources: { scanner: 1 }
limits: { concurrency: 3 }
briefs:
  - { id: prepare, title: Set up the scanners, run: [node, prepare.mjs], parse: json }
  - { id: security, needs: [prepare], title: Security review, forEach: { in: inputs.source, as: file }, run: [node, scan.mjs, '{{ file.path }}', '{{ prepare }}'], parse: json, uses: { scanner: 1 } }
  - { id: style, title: Style review, forEach: { in: inputs.source, as: file }, run: [node, style.mjs, '{{ file.path }}'], parse: json, retry: { attempts: 3, then: missing } }
  - { id: licence, title: Licence check, run: [node, licence.mjs], when: 'false', parse: json }
integrate:
  merge:
    findings: { from: [security, style], at: $.findings, key: [file, line, rule], match: normalised, conflicts: [prefer: security, keep-both] }
    looked: { from: [security, style], at: $.looked, key: [file, by] }
  verify: [node, check.mjs]
`;

const looked = (by: string, file: string, ...findings: readonly JsonObject[]): Json => ({
  looked: [{ file, by }],
  findings: findings.map((finding) => ({ file, ...finding })),
});
export const REVIEWED: { readonly [label: string]: End } = {
  prepare: { status: 'succeeded', value: { ready: true }, to: 4 },
  'security[src/cart.js]': {
    status: 'succeeded',
    value: looked('security', 'src/cart.js', {
      line: 12,
      rule: 'no-eval',
      severity: 'error',
      says: 'eval() runs what a visitor sends.',
    }),
    from: 4,
    to: 34,
    usage: { inputTokens: 1_200, outputTokens: 300, cpuSeconds: 2.5, peakMemory: 80 * 2 ** 20 },
  },
  'security[src/login.js]': {
    status: 'succeeded',
    value: looked('security', 'src/login.js'),
    from: 34,
    to: 50,
  },
  'security[src/pay.js]': {
    status: 'succeeded',
    value: looked('security', 'src/pay.js', {
      line: 3,
      rule: 'hard-coded-secret',
      severity: 'error',
      says: 'A key is in the code: `sk_live`.',
    }),
    from: 50,
    to: 95,
  },
  'style[src/cart.js]': {
    status: 'succeeded',
    value: looked(
      'style',
      'src/cart.js',
      { line: 12, rule: 'No-Eval', severity: 'warning', says: 'eval() runs what a visitor sends.' },
      { line: 40, rule: 'long-line', severity: 'hint', says: '| forged | row |\n# Forged heading' },
      { line: 40, rule: 'long-line', severity: 'hint', says: '| forged | row |\n# Forged heading' },
    ),
    to: 9,
  },
  'style[src/login.js]': {
    status: 'missing',
    reason: {
      type: 'CommandFailed',
      message: 'style[src/login.js]: `node style.mjs` ended with exit code 2, saying: cannot parse line 7.',
    },
    tries: 3,
    to: 12,
  },
  'style[src/pay.js]': { status: 'succeeded', value: looked('style', 'src/pay.js'), to: 6 },
  licence: { status: 'not-needed', tries: 0 },
};

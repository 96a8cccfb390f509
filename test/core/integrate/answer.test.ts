import { describe, expect, it } from 'vitest';
import { answerSection } from '../../../src/core/integrate/markdown/answer.js';
import type { Report } from '../../../src/core/integrate/report.js';
import type { Plan } from '../../../src/core/plan/plan.js';

const section = (data: object): string => {
  const answer = { brief: 'Look.', data, requirements: [], missing: [], conflicts: [], ledger: [] };
  const report = { answer, run: { status: 'complete' } } as unknown as Report;
  return answerSection(report, { integrate: { merge: [] } } as unknown as Plan).join('\n');
};
const findings = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ line: i, severity: i % 3 === 0 ? 'error' : 'warning' }));

describe('the answer in words', () => {
  it('counts, of a list too long to show, what there is of each kind; all of it, not only what is shown', () => {
    const text = section({ findings: findings(90) });
    expect(text).toContain('### findings: 90 items\n\n- severity: warning 60 · error 30\n\n| # |');
    expect(text).not.toContain('- line:');
    expect(text).toContain('… and 40 more in `report.json`, under `answer.data.findings`.');
  });

  it('counts nothing where everything is there to be seen', () => {
    expect(section({ findings: findings(50) })).not.toContain('- severity');
  });

  it('counts what reads the same as the same', () => {
    const some = findings(60).map((_, i) =>
      i < 20 ? {} : { a: i < 30 ? null : i < 40 ? '' : '1', n: i % 2 ? 1 : '1' },
    );
    expect(section({ some })).toContain('- a: none 40 · 1 20\n- n: 1 40 · none 20\n');
  });

  it('tells a missing value from others, and shows no markup in any', () => {
    const some = findings(60).map(({ line }) => (line < 20 ? { line } : { line, severity: '<b>|x' }));
    expect(section({ some })).toContain('- severity: &lt;b&gt;\\|x 40 · none 20');
  });
});

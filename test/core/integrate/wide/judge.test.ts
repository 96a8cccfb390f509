import { expect, it } from 'vitest';
import { sha256 } from '../../../../src/adapters/digest.js';
import { trialOf } from '../../../../src/core/integrate/judging/requirement.js';
import { answerOf, draftOf } from '../../../../src/core/integrate/report.js';
import { readBack } from '../../../../src/core/outcome/readBack.js';
import { mergingPlan } from '../support.js';

for (const at of [undefined, '$.rows[*]'])
  it(`a judge of ${at ?? 'all'} is not asked about more than it can be shown, and no more is read than it takes to know`, async () => {
    const plan = await mergingPlan(['a']);
    const draft = draftOf({ plan, ledger: [], outputs: [] });
    expect(answerOf(draft).data).toEqual({ rows: [] });
    let reads = 0;
    const rows = readBack(1_000, (n) => {
      reads++;
      return { n, text: 'x'.repeat(10_000) };
    });
    const requirement = {
      ...{ id: 'good', says: 'It is good.' },
      check: { kind: 'judge' as const, model: 'm', ...(at !== undefined && { in: at }) },
    };
    const merged = { ...draft.merged, data: { rows } };
    expect(trialOf(requirement, { ...draft, merged }, sha256)).toMatchObject({
      status: 'missing',
      evidence: expect.stringContaining('longer than a judge can be given'),
    });
    expect(reads).toBeLessThan(50);
  });

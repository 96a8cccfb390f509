import type { Usage } from '../outcome/outcome.js';

/** Sums over tries or briefs; peak memory is the largest. What nobody measured stays absent. */
export function totalUsage(all: readonly (Usage | undefined)[]): Omit<Usage, 'model'> | undefined {
  const inputTokens = sum(all.map((one) => one?.inputTokens));
  const outputTokens = sum(all.map((one) => one?.outputTokens));
  const cpuSeconds = sum(all.map((one) => one?.cpuSeconds));
  const peaks = measured(all.map((one) => one?.peakMemory));
  const turns = sum(all.map((one) => one?.turns));
  const calls = sum(all.map((one) => one?.calls));
  const total = {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    ...(turns !== undefined && { turns }),
    ...(calls !== undefined && { calls }),
    ...(peaks.length > 0 && { peakMemory: Math.max(...peaks) }),
  };
  return Object.keys(total).length > 0 ? total : undefined;
}

const measured = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);

function sum(values: readonly (number | undefined)[]): number | undefined {
  const known = measured(values);
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) : undefined;
}

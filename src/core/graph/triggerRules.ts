/**
 * When a brief that waits for several may start: trigger rules, by the names Airflow gave them.
 * https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#trigger-rules
 */
export const TRIGGER_RULES = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'all_skipped',
  'one_failed',
  'one_success',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'always',
] as const;
export type TriggerRule = (typeof TRIGGER_RULES)[number];

const EARLY: ReadonlySet<TriggerRule> = new Set(['one_success', 'one_failed', 'one_done', 'always']);

/** Whether it may let start while some of those waited for have not ended. */
export const startsEarly = (rule: TriggerRule): boolean => EARLY.has(rule);

import type { Asked } from '../core/integrate/facts.js';
import type { Question, Reply } from '../core/integrate/question.js';
import type { SentBack } from '../core/integrate/sentBack.js';
import { totalUsage } from '../core/integrate/usage.js';
import { canonicalWithin, type JsonObject, MAX_DEPTH } from '../core/outcome/canonical.js';
import type { OutcomeRow, Row } from '../core/outcome/rows.js';
import { answered, type InterviewEffects, type KeyedRow } from './answered.js';
import { readValue } from './artifacts.js';
import { integratorLog } from './integratorLog.js';
import { roundIn, roundRow } from './rounds.js';
import { slots } from './slots.js';

/*
 * What the integrator asks of commands, functions and models.
 *  1. Each question is asked once a run: its reply is a row of unit `i`, keyed by the digest of the question. Whoever
 *     integrates again, after a crash or on purpose, asks only what nobody has answered.
 *  2. The first answer to a question is final. Whoever loses the create reads, and takes over what the winner recorded.
 *     No answer is recorded too, with what it cost; who integrates again asks again. Of a command, whatever is recorded is
 *     the answer: also that it was out of time.
 *  3. Whoever is asked has no tools, and sees what the question shows and nothing else.
 */

export interface Interview {
  /** @throws Failure `Cancelled`, `StoreUnavailable`: those say nothing about the question. */
  ask(question: Question): Promise<Reply>;
  /** Does something with each; what comes of them, in their order. Where one throws, nothing more is asked. */
  each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]>;
  /** Sends back in a round, or gives what was sent back in it before. */
  sendBack(round: number, sent: readonly SentBack[]): Promise<readonly SentBack[]>;
  /** What was sent back, round by round. */
  rounds(): readonly (readonly SentBack[])[];
  /** What was asked so far, whenever that was; undefined where nothing was. */
  asked(): Asked | undefined;
}

/** Longer than any body of a question is nested beyond the values of briefs. */
const WRAPPED = 20;

/** @param run first execution run id @param atOnce most questions at a time, of whoever asks */
export async function interviewOf(
  run: string,
  atOnce: number,
  effects: InterviewEffects,
): Promise<Interview> {
  const { store, digest } = effects;
  /** By question, in the order they were recorded. */
  const replies = new Map<string, KeyedRow[]>();
  const asking = new Map<string, Promise<Reply>>();
  const room = slots(atOnce);
  const rounds = new Map<number, readonly SentBack[]>();
  function take(row: Row): void {
    if (isReply(row)) replies.set(row.key, [...(replies.get(row.key) ?? []), row]);
    const found = roundIn(row);
    if (found && !rounds.has(found.round)) rounds.set(found.round, found.sent);
  }
  const log = await integratorLog(store, run, take);

  async function reply(question: Question, key: string): Promise<Reply> {
    const said = () => answerIn(replies.get(key) ?? [], question.work);
    if (!said())
      await log.record(await answered(question, { key, run }, effects), () => said() !== undefined);
    const { reason, ref } = said() ?? replies.get(key)!.at(-1)!;
    if (reason) return { failure: reason };
    return { value: ref ? await readValue(store, ref) : null };
  }

  function ask(question: Question): Promise<Reply> {
    const key = question.key ?? digest(textOf(question.work, effects));
    const mine = asking.get(key) ?? room.run(() => reply(question, key)).finally(() => asking.delete(key));
    asking.set(key, mine);
    return mine;
  }

  return {
    ask,
    async each(items, work) {
      const left = items.entries();
      const done: Awaited<ReturnType<typeof work>>[] = [];
      // More at a time would only wait.
      const worker = async () => {
        for (const [n, item] of left) done[n] = await work(item);
      };
      await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker)).catch((error) => {
        room.end(error);
        throw error;
      });
      return done;
    },
    async sendBack(round, sent) {
      await log.record(roundRow(round, sent), () => rounds.has(round));
      return rounds.get(round)!;
    },
    rounds: () => [...rounds].sort(([a], [b]) => a - b).map(([, sent]) => sent),
    asked: () => (replies.size > 0 ? askedOf([...replies.values()]) : undefined),
  };
}

/** What was in vain has its cost too. */
function askedOf(replies: readonly (readonly OutcomeRow[])[]): Asked {
  const rows = replies.flat();
  const { inputTokens, outputTokens } = totalUsage(rows.map((row) => row.usage)) ?? {};
  const usage = {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
  };
  const models = [...new Set(rows.flatMap((row) => row.usage?.model ?? []))].sort();
  return {
    questions: replies.length,
    tries: rows.reduce((sum, row) => sum + row.try, 0),
    ...(Object.keys(usage).length > 0 && { usage }),
    ...(models.length > 0 && { models }),
  };
}

/** All that the answer depends on. */
const textOf = (work: Question['work'], { functions }: InterviewEffects): string =>
  canonicalWithin(MAX_DEPTH + WRAPPED, {
    ...(work as unknown as JsonObject),
    ...(work.kind === 'call' && functions !== undefined && { functions }),
  });

/** What a command says is a verdict, however it ended; a model or a function that failed has said nothing. */
const answerIn = (rows: readonly KeyedRow[], { kind }: Question['work']): KeyedRow | undefined =>
  kind === 'run' ? rows[0] : rows.find(({ status }) => status === 'succeeded');
const isReply = (row: Row): row is KeyedRow => row.row === 'outcome' && row.key !== undefined;

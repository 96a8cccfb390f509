import { expecting, Failure } from '../../core/outcome/failure.js';
import { meant, offeredOf, overlap, type ToolUse } from '../../core/plan/tools.js';
import type { Tool } from '../../ports/tools.js';
import { encodeValue } from '../artifacts.js';
import { failed, leave } from '../endings.js';
import { keyOf } from '../holding.js';
import type { Ended } from '../lease.js';
import type { Prepared } from '../prepare.js';
import { keep } from '../record.js';
import { stoppable } from '../stop.js';
import type { Unit } from '../unit.js';
import { type LoopStart, loopTools, MOST_TOOLS } from './start.js';

/*
 * A brief whose model may call tools: each try of it is a loop of turns and calls, carried out one by one (docs/decisions/0040).
 *  1. What is asked, and the tools that are offered, are recorded before the first turn.
 *  2. Each turn and each call has a log of its own: what is recorded there is never asked or called again.
 *  3. Once it is over, what the loop came to is the effect of the try: judged and recorded as any, with all that it consumed.
 */

/** Undefined where no tool is offered: then the model is asked as any. @throws Failure `StoreUnavailable`, `Superseded` */
export async function beginLoop(unit: Unit, work: NonNullable<Prepared['work']>): Promise<Ended | undefined> {
  const { lease, effects, brief, log } = unit;
  const { told } = work;
  if (!brief.tools || told.kind !== 'ask') return undefined;
  const number = log.state.tries + 1;
  if (log.state.loop?.try !== number) {
    const under = { number, started: effects.clock.now() };
    const tools = await toolsOf(unit, brief.tools).catch(
      expecting('InvalidInput', 'CallFailed', 'TimedOut', 'Cancelled'),
    );
    if (lease.signal.aborted) return leave(unit, { ...under, number: 0 });
    if (tools instanceof Failure) return failed(unit, under, tools);
    if (tools.length === 0) return undefined;
    const key = effects.digest(`${keyOf(unit, work)} loop ${number}`);
    const start: LoopStart = { key, work: told, tools: loopTools(tools) };
    const place = await keep(effects.store, effects.digest, encodeValue(JSON.parse(JSON.stringify(start))));
    await log.append((put, { loop }) =>
      loop?.try === number ? [] : [{ row: 'loop', try: number, ref: place(put) }],
    );
  }
  await log.append(() => [{ row: 'released' }]);
  const { turns, calls, parallel } = brief.tools;
  const loop = { try: number, turns, calls, parallel };
  return { kind: 'within', result: { status: 'not-reached', tries: log.state.tries, loop } };
}

/** What the brief may call of what there is now. @throws Failure `InvalidInput`, `CallFailed`, `TimedOut` */
async function toolsOf({ effects, brief, label, lease }: Unit, use: ToolUse): Promise<readonly Tool[]> {
  const mayBeMeant = (beginning: string) => meant(use).some((pattern) => overlap(pattern, `${beginning}*`));
  const late = () =>
    new Failure('TimedOut', `${label}: its tools were not told of within ${brief.timeoutMs / 1000} s.`);
  const all = await stoppable(
    { clock: effects.clock, ms: brief.timeoutMs, outer: lease.signal, late },
    (signal) => effects.tools.offered(mayBeMeant, signal),
  );
  const { names, missing } = offeredOf(
    use,
    all.map(({ name }) => name),
  );
  if (missing.length > 0) {
    const has = all.length > 0 ? `it has ${all.map(({ name }) => name).join(', ')}` : 'it has none';
    throw new Failure(
      'InvalidInput',
      `${label}: no tool of this worker is meant by \`${missing.join('`, `')}\`; ${has}.`,
    );
  }
  if (names.length > MOST_TOOLS)
    throw new Failure(
      'InvalidInput',
      `${label} is offered ${names.length} tools, over the maximum of ${MOST_TOOLS}. Name fewer under \`tools\`.`,
    );
  return all.filter(({ name }) => names.includes(name));
}

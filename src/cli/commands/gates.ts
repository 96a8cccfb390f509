import { userInfo } from 'node:os';
import type { Gate, Muster } from '../../client.js';
import { Failure } from '../../core/outcome/failure.js';
import { type Context, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { gateView, shortDigest } from '../views/gates.js';

export interface AnswerOptions {
  readonly digest?: string;
  readonly by?: string;
  readonly note?: string;
}

/** `muster gates`: what waits for an answer; the one that is named, or all. */
export const gates = (run: string, gate: string | undefined, context: Context): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const { screen, now } = context;
    await context.bringUp({ to: 'carry on' });
    const all = await muster.gates(run);
    const shown = gate === undefined ? all : [named(all, run, gate)];
    screen.object({ run, gates: shown });
    screen.answer((look) =>
      shown.length === 0
        ? [`Nothing of ${run} waits for an answer.`]
        : shown.flatMap((one, i) => [
            ...(i > 0 ? [''] : []),
            ...gateView({ gate: one, now: now(), whole: gate !== undefined }, look),
          ]),
    );
    return 0;
  });

/**
 * `muster approve`, `muster reject`. Without a digest it shows what is asked, and wants a yes to that; where nobody can say
 * yes it answers nothing.
 */
export const answer = (
  how: 'approve' | 'reject',
  run: string,
  gate: string,
  { digest, by = whoami(), note }: AnswerOptions,
  context: Context,
): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const { screen } = context;
    await context.bringUp({ to: 'carry on' });
    const seen = digest ?? (await shownAndConfirmed(how, run, gate, muster, context));
    if (seen === undefined) {
      screen.progress(() => ['Nothing was answered.']);
      return EXIT.failed;
    }
    const changed = await muster[how](run, gate, {
      digest: seen.toLowerCase(),
      ...(by !== undefined && { by }),
      ...(note !== undefined && { note }),
    });
    const done = { approve: 'approved', reject: 'rejected' }[how];
    screen.object({ run, gate, [done]: true, changed });
    screen.answer(() => [`${gate} of ${run} ${changed ? 'is' : 'was'} ${done}${changed ? '' : ' already'}.`]);
    return 0;
  });

/** The digest of what somebody has seen and said yes to; undefined where they did not. */
async function shownAndConfirmed(
  how: 'approve' | 'reject',
  run: string,
  gate: string,
  muster: Muster,
  { screen, confirm, now }: Context,
): Promise<string | undefined> {
  const one = named(await muster.gates(run), run, gate);
  if (!confirm || screen.wishes.json)
    throw new Failure(
      'InvalidInput',
      `Say what you have seen: --digest ${shortDigest(one)} is what ${gate} asks now. All of it: muster gates ${run} ${gate}`,
    );
  screen.progress((look) => gateView({ gate: one, now: now(), whole: true }, look));
  return (await confirm(how === 'approve' ? 'Approve this?' : 'Reject this?')) ? one.digest : undefined;
}

function named(all: readonly Gate[], run: string, gate: string): Gate {
  const one = all.find(({ brief }) => brief === gate);
  if (one) return one;
  const others = all.slice(0, 5).map(({ brief }) => brief);
  throw new Failure(
    'InvalidInput',
    `${gate} of ${run} asks nothing now. ${others.length > 0 ? `What does: ${others.join(', ')}${all.length > 5 ? ', …' : ''}` : 'Nothing does.'}`,
  );
}

/** Undefined where the machine knows no name for whoever this is. */
function whoami(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

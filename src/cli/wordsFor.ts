import { tmpdir } from 'node:os';
import { CommanderError } from 'commander';
import { readConfig } from '../config.js';
import { Failure } from '../core/outcome/failure.js';
import { Unreachable } from '../temporal/unreachable.js';
import { bugReport } from './bugReport.js';
import { EXIT } from './exit.js';

export interface Words {
  readonly exit: number;
  /** A failure type, `Unreachable`, `Usage` or `Bug`. */
  readonly type: string;
  /** What happened, where, and what to do next. Empty where it was said already. */
  readonly lines: readonly string[];
}

/** The one place where what a command threw becomes words and an exit code. */
export async function wordsFor(error: unknown): Promise<Words> {
  // Commander has said it itself; its own code for help and version is 0.
  if (error instanceof CommanderError)
    return { exit: error.exitCode === 0 ? 0 : EXIT.invalidInput, type: 'Usage', lines: [] };
  if (error instanceof Unreachable)
    return { exit: EXIT.unreachable, type: 'Unreachable', lines: error.message.split('\n') };
  if (error instanceof Failure) {
    const exit =
      error.type === 'InvalidInput' || error.type === 'InvalidPlan' ? EXIT.invalidInput : EXIT.failed;
    return { exit, type: error.type, lines: error.message.split('\n') };
  }
  if (isOfService(error) && !isSilence(error))
    return {
      exit: EXIT.failed,
      type: 'Refused',
      lines: [`Temporal refused: ${error.cause?.details || error.message}.`, 'See: muster doctor'],
    };
  if (isOfService(error))
    return {
      exit: EXIT.unreachable,
      type: 'Unreachable',
      lines: [
        `Temporal stopped answering: ${error.message}.`,
        'A run that was started goes on when it is back. See: muster doctor',
      ],
    };
  const { redactorHere } = await import('./secrets.js');
  const { text } = await redactorHere();
  return { exit: EXIT.failed, type: 'Bug', lines: bugReport(error, homeOr(tmpdir()), text) };
}

/** By name, because loading Temporal's client to ask takes longer than most commands. */
const isOfService = (error: unknown): error is ServiceError =>
  error instanceof Error && error.name === 'ServiceError';
interface ServiceError extends Error {
  readonly cause?: { readonly code?: number; readonly details?: string };
}

/** gRPC's CANCELLED, DEADLINE_EXCEEDED, INTERNAL and UNAVAILABLE: what a client says itself of a connection that broke. */
const SILENCE: ReadonlySet<number | undefined> = new Set([undefined, 1, 4, 13, 14]);
const isSilence = ({ cause }: ServiceError): boolean => SILENCE.has(cause?.code);

function homeOr(fallback: string): string {
  try {
    return readConfig().home;
  } catch {
    return fallback;
  }
}

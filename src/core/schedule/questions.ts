import { type Node, nameOf } from '../graph/node.js';
import type { Answer } from '../outcome/gate.js';
import type { Asked, State } from './state.js';

/** Why an answer is refused; undefined where it is the first to what is asked, or says what the first said. */
export function objection(
  { asked = {}, stopping }: State,
  node: Node,
  { verdict, digest }: Answer,
): string | undefined {
  const question = asked[nameOf(node)];
  if (stopping !== undefined && stopping !== 'draining')
    return 'The run is being stopped: nothing is asked any more.';
  if (!question) return 'Nothing is asked there now: it has not come to that yet, or it has ended.';
  if (question.digest !== digest)
    return 'Something else is asked there by now. Look at what is shown, and answer that.';
  const first = question.answer;
  if (!first || first.verdict === verdict) return undefined;
  const by = first.by === undefined ? '' : ` by ${first.by}`;
  const note = first.note === undefined ? '' : `: ${first.note}`;
  return `It is ${first.verdict} already${by}${note}. The first answer counts.`;
}

/**
 * What people are asked, by name of the node:
 * 1. a question stands until its node has ended, and so does the first answer to it;
 * 2. an answer to anything else than what stands there changes nothing.
 */
export class Questions {
  private readonly asked: Map<string, Asked>;

  constructor({ asked = {} }: Pick<State, 'asked'>) {
    this.asked = new Map(Object.entries(asked));
  }

  /** Whether anything waits for an answer. */
  get open(): boolean {
    return [...this.asked.values()].some(({ answer }) => answer === undefined);
  }

  answerTo(node: Node): Answer | undefined {
    return this.asked.get(nameOf(node))?.answer;
  }

  ask(node: Node, question: Asked): void {
    this.asked.set(nameOf(node), question);
  }

  /** Says whether it was what stands there that was answered, for the first time. */
  take(node: Node, answer: Answer): boolean {
    const name = nameOf(node);
    const question = this.asked.get(name);
    if (!question || question.answer || question.digest !== answer.digest) return false;
    this.asked.set(name, { ...question, answer });
    return true;
  }

  drop(node: Node): void {
    this.asked.delete(nameOf(node));
  }

  snapshot(): Pick<State, 'asked'> {
    return this.asked.size > 0 ? { asked: Object.fromEntries(this.asked) } : {};
  }
}

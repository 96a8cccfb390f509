import { type Node, nameOf } from '../graph/node.js';
import type { Answer } from '../outcome/gate.js';
import type { Asked, State } from './state.js';

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

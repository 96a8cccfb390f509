import type { Planted } from './support/planted.js';

/** Bugs, distinct in cause, that the simulator has to find. */
export const PLANTED: readonly Planted[] = [
  {
    bug: 'what an instance held is never given back',
    file: 'schedule/running.ts',
    find: 'this.room.giveBack(usesOf(this.graph, node));',
    put: 'if (node.k === undefined) this.room.giveBack(usesOf(this.graph, node));',
  },
  {
    bug: 'an end that is told twice counts twice',
    file: 'schedule/board.ts',
    find: "if (this.letters.of(node) !== 'r') return false;",
    put: 'if (this.letters.of(node) === undefined) return false;',
  },
  {
    bug: 'one that does not fit holds back all that come after it',
    file: 'schedule/ready.ts',
    find: 'let first: Lane | undefined;',
    put: 'let first: Lane | undefined;\n    const head = [...lanes].sort((a, b) => (isAhead(a, b) ? -1 : 1))[0];\n    if (head && !room.fits(head.uses)) return undefined;',
  },
  {
    bug: 'a pause is forgotten when the run continues as new',
    file: 'schedule/step.ts',
    find: 'resumed({ stopping: _, closed: __, ...state }: State)',
    put: 'resumed({ stopping: _, closed: __, paused: ___, ...state }: State)',
  },
  {
    bug: 'a changed concurrency is forgotten after a crash',
    file: 'schedule/running.ts',
    find: 'state.concurrency ?? graph.concurrency',
    put: 'graph.concurrency',
  },
  {
    bug: 'what time decided is decided anew after a crash',
    file: 'schedule/waits.ts',
    find: 'this.said = new Map(Object.entries(said));',
    put: 'this.said = new Map();',
  },
  {
    bug: 'a fan counts as ended once it is open',
    file: 'schedule/waits.ts',
    find: "if (counts !== 'opened') return;",
    put: "if (counts === 'instances') return;",
  },
  {
    bug: 'skipped while it was on its way, it starts all the same when it is handed back',
    file: 'schedule/board.ts',
    find: "return 'k';\n    return this.waits.isOvertaken",
    put: 'return undefined;\n    return this.waits.isOvertaken',
  },
  {
    bug: 'a retry leaves skipped what its failure had skipped',
    file: 'schedule/reopen.ts',
    find: 'for (let changed = true; changed; )',
    put: 'for (let changed = false; changed; )',
  },
  {
    bug: 'after the deadline something still starts',
    file: 'schedule/step.ts',
    find: 'if (stopping === undefined && !paused)',
    put: "if ((stopping === undefined || stopping === 'deadline') && !paused)",
  },
  {
    bug: 'an answer to something else than what is asked counts',
    file: 'schedule/questions.ts',
    find: ' || question.digest !== answer.digest',
    put: '',
  },
  {
    bug: 'a second answer takes the place of the first',
    file: 'schedule/board.ts',
    find: "if (this.letters.of(node) !== 'w' || !this.questions.take(node, answer)) return;",
    put: "this.questions.ask(node, { digest: answer.digest, since: 0, answer });\n    if (this.letters.of(node) !== 'w') return;",
  },
  {
    bug: 'a run ends while somebody is asked',
    file: 'schedule/step.ts',
    find: 'board.asks || (paused',
    put: '(paused',
  },
  {
    bug: 'a gate waits for a slot to ask',
    file: 'schedule/capacity.ts',
    find: 'return gate ? ASKING : uses;',
    put: 'return uses;',
  },
];

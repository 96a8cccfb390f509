/** Nothing but workflows is exported here: Temporal offers every export as a workflow type. */
export { governor } from './governor.js';
export { run } from './run.js';
export { shard } from './shard.js';
export { toolLoop } from './toolLoop.js';

/** Nothing but workflows is exported here: Temporal offers every export as a workflow type. */
export { run } from './run.js';
export { shard } from './shard.js';
export { toolLoop } from './toolLoop.js';

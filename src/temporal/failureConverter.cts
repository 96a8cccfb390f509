import common = require('@temporalio/common');

/** Loaded by Temporal, by this name. Messages and stacks are payloads, and so encrypted as those are. */
export = { failureConverter: new common.DefaultFailureConverter({ encodeCommonAttributes: true }) };

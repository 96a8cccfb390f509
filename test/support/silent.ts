const quiet = () => {};

/** A logger for bundlers and workers that says nothing. */
export const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

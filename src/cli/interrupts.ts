/** Ctrl-C as a command sees it. @returns a function that stops listening */
export type OnInterrupt = (pressed: () => void) => () => void;

export const onSigint: OnInterrupt = (pressed) => {
  process.on('SIGINT', pressed);
  return () => void process.off('SIGINT', pressed);
};

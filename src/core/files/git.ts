/** The first version of git that can be told to read no configuration of the user's. */
export const GIT_NEEDED = '2.32';

/** The number in what `git --version` prints, where that version will do. */
export function gitThatWillDo(said: string): string | undefined {
  const [version] = /\d+(\.\d+)+/.exec(said) ?? [];
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 32) ? version : undefined;
}

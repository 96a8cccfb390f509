/** No Temporal service answers, or none can be brought up. The command line ends with exit code 5. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

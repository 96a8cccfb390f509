import { Failure } from '../../core/outcome/failure.js';

/** Every part begins with something other than a dot, so that no name leaves the store or meets a hidden file. */
const NAME = /^(?:[A-Za-z0-9_%-][A-Za-z0-9._%-]*\/)*[A-Za-z0-9_%-][A-Za-z0-9._%-]*$/;

/** @throws Failure `ContractViolation` where `name` is none a store can keep. */
export function checkName(name: string): void {
  if (!NAME.test(name))
    throw new Failure(
      'ContractViolation',
      `${JSON.stringify(name.slice(0, 80))} is not a name a store can keep; this is a mistake in Muster: please report it.`,
    );
}

import { Failure } from '../core/outcome/failure.js';

/** The id that a run was to have belongs to another. */
export class Taken extends Failure {
  constructor(id: string) {
    super(
      'InvalidInput',
      `A run called ${id} is there already. Give another --id, or see that one: muster status ${id}`,
    );
  }
}

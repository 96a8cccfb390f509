import type { Node } from '../graph/node.js';
import type { Terrain } from './terrain.js';

/** Lets the units of a wave through once those of all earlier waves have ended; where waves roll, at once. */
export class Barrier {
  /** Units of each wave that have still to end. */
  private readonly left: number[];
  /** The wave that may start. */
  private wave = 0;
  /** What is ready in later ones. */
  private readonly held = new Map<number, Node[]>();

  constructor(
    private readonly terrain: Terrain,
    private readonly rolls: boolean,
  ) {
    this.left = [...terrain.waveSizes];
  }

  unitEnded(u: number): void {
    this.left[this.terrain.waveOf[u]!]!--;
  }

  /** Whether it may go on; else it is held. */
  admits(node: Node): boolean {
    const wave = this.terrain.waveOf[node.u]!;
    if (this.rolls || wave <= this.wave) return true;
    this.held.set(wave, [...(this.held.get(wave) ?? []), node]);
    return false;
  }

  /** What was held and need wait no longer. */
  release(): readonly Node[] {
    const released: Node[] = [];
    while (this.wave < this.left.length && this.left[this.wave] === 0) {
      released.push(...(this.held.get(++this.wave) ?? []));
      this.held.delete(this.wave);
    }
    return released;
  }
}

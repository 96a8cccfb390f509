import type { Digest } from '../../outcome/canonical.js';
import { readBack } from '../../outcome/readBack.js';

/*
 * What briefs delivered and what is merged of it may be more than fits in memory, so it lies beside it for as long as one
 * integration takes: written once, read back where it is looked at.
 */

/** Where texts lie; nobody but the one integration reads them. */
export interface Scratch {
  add(text: string): Slot;
  read(slot: Slot): string;
}

export interface Slot {
  readonly at: number;
  /** Bytes. */
  readonly length: number;
}

/** Where what is integrated lies. */
export interface Room {
  readonly scratch: Scratch;
  /** Stands for long texts where they only need a name; absent: they are their own. */
  readonly digest?: Digest;
}

/** For what is known to be small. */
export function inMemory(): Room {
  const texts: string[] = [];
  const scratch: Scratch = {
    add: (text) => ({ at: texts.push(text) - 1, length: text.length }),
    read: ({ at }) => texts[at]!,
  };
  return { scratch };
}

/** Characters: what is longer is known by its digest. */
const LONG = 200;

/** A text that is kept to be known again. */
export const nameIn = (room: Room | undefined, text: string): string =>
  room?.digest && text.length > LONG ? room.digest(text) : text;

/** A value that lies in scratch, and is read each time it is asked for. */
export class Kept<T> {
  readonly #scratch: Scratch;
  readonly #at: number;
  /** Bytes, as JSON. */
  readonly length: number;

  constructor(scratch: Scratch, value: T) {
    const { at, length } = scratch.add(JSON.stringify(value));
    this.#scratch = scratch;
    this.#at = at;
    this.length = length;
  }

  get value(): T {
    return JSON.parse(this.#scratch.read({ at: this.#at, length: this.length })) as T;
  }
}

export const valuesOf = <T>(all: readonly Kept<T>[]): readonly T[] =>
  readBack(all.length, (n) => all[n]!.value);

import { z } from 'zod';

/** A workflow that drags zod into the sandbox: what the bundle test must find. */
export async function planted(): Promise<unknown> {
  return z.string().safeParse('x');
}

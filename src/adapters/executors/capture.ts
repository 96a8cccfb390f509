/** Bytes gathered up to a cap, as text; what lies beyond is counted and dropped, so that the writer never waits. */
export function capture(capBytes: number) {
  const kept: Buffer[] = [];
  let total = 0;
  const beyond = () => Math.max(0, total - capBytes);
  return {
    push(chunk: Buffer): void {
      const room = capBytes - total;
      total += chunk.length;
      if (room > 0) kept.push(chunk.subarray(0, room));
    },
    /** Bytes seen so far, dropped ones included. */
    bytes: () => total,
    truncated: () => beyond() > 0,
    /** What was kept, without a marker. */
    kept: (charset?: string) => decode(kept, beyond() > 0, charset),
    /**
     * Bytes that are no UTF-8 become U+FFFD; a character that the cut falls into is left out.
     * Ends with a marker where something was dropped; what comes before that is what `cutOff` makes of it.
     */
    text(cutOff = (kept: string): string => kept): string {
      const text = decode(kept, beyond() > 0);
      return beyond() > 0
        ? `${cutOff(text)}\n[muster: cut here, ${beyond().toLocaleString('en-US')} bytes more]`
        : text;
    },
  };
}

const decode = (kept: readonly Buffer[], cut: boolean, charset?: string): string =>
  new TextDecoder(charset).decode(Buffer.concat(kept), { stream: cut });

/** The last `bytes` of what was pushed, as text. */
export function tail(bytes: number) {
  let last: Buffer = Buffer.alloc(0);
  return {
    push(chunk: Buffer): void {
      last = Buffer.concat([last, chunk.subarray(-bytes)]).subarray(-bytes);
    },
    text: () => new TextDecoder().decode(last),
  };
}

/** What a try consumed. Absent means not measured, never zero. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Seconds of processor time of the whole process group. */
  readonly cpuSeconds?: number;
  /** Bytes, largest sum over the process group seen. */
  readonly peakMemory?: number;
  /** As the endpoint named itself, whatever was asked for. */
  readonly model?: string;
}

/** What a try consumed. Absent means not measured, never zero. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Seconds of processor time of the whole process group. */
  readonly cpuSeconds?: number;
  /** Bytes, largest sum over the process group seen. */
  readonly peakMemory?: number;
  /** Of a model with tools: its answers, and the calls that were carried out. */
  readonly turns?: number;
  readonly calls?: number;
  /** As the endpoint named itself, whatever was asked for. */
  readonly model?: string;
}

/** What opening one case may take. Time is the process's own: neither other work on the machine nor a model's first run in its child counts. */
export interface Limits {
  readonly cpuMs: number;
  readonly grownBytes: number;
  /** For what waits and computes nothing; far more than a busy machine needs. */
  readonly wallMs: number;
}

export const limits: Limits = { cpuMs: 10_000, grownBytes: 1.5e9, wallMs: 120_000 };

/** How a network and the backbone take turns. */
export interface Turn {
  /** Samples that one runs in a row. */
  readonly samples: number;
  /** Whether each turn begins with a run that is not timed. */
  readonly isWarmed: boolean;
}

/** Short enough for a burst of the machine to hit both. */
const turnMs = 15;
const mostSamples = 8;
const slowMs = 100;

/**
 * As many samples as the backbone runs in a moment, so that drift of the machine hits both alike, yet each in its own caches, as
 * in deployment: a run that isn't timed brings these back. On the sample (0.65 ms, an exit after 0.025 ms), both alone for 250
 * samples as the measure, lower quartiles on a busy machine: turns of eight with such a run, backbone 1.03, exit 1.04;
 * without it 1.04 and 1.16; turns of one sample without it 1.07 and 1.9. A slow network does without, which saves half of the time:
 * what reading its weights again takes is little beside a run.
 */
export function turnFor(backboneMs: number): Turn {
  const samples = Math.min(mostSamples, Math.max(1, Math.floor(turnMs / backboneMs)));
  return { samples, isWarmed: backboneMs < slowMs };
}

/** Runs that a sample takes of either network, the untimed ones included. */
export function runsPerSample({ samples, isWarmed }: Turn): number {
  return isWarmed ? 1 + 1 / samples : 1;
}

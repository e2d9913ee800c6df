/**
 * What measuring and estimating go by, in one place. docs/profiles.md says what was tried and what it gave; after a change
 * `npm run bench -- profile-noise` says what it came to.
 */
export const rules = {
  /** Of a subject's times the lowest share, whose mean it is taken to need: calm runs, cold and warm ones among them. */
  lowShare: 0.1,
  /** Moments within so many ms share a pace of the machine, the `paceShare` quantile of what runs took beside their own level. */
  paceWindowMs: 3000,
  paceShare: 0.1,
  /** Draws of rounds, with their neighbours, from which intervals come. */
  resamples: 100,
  /** Measuring ends when each prefix is known to within this share of the backbone's latency, 95 %. */
  settledHalfWidth: 0.01,
  /** What is settled is visited in one round out of so many. */
  settledRounds: 4,
  /** Backbone and final stage are visited once per so many other visits. */
  anchorSpacing: 16,
  /** The longest share of the time that is spent on waiting for a calmer machine, and how long at once, ms. */
  waitingShare: 0.33,
  waitingStepMs: 250,
  /**
   * A batch of runs whose energy is counted takes so long at least, ms, so many times as long as a reading of the sensor, and so many
   * steps of a counter, which rises each millisecond or slower.
   */
  energyBatchMs: 50,
  energyBatchReadings: 20,
  energyBatchSteps: 10,
  /** Counting ends when each prefix is known to within this share of the backbone's energy, 95 %. */
  energyHalfWidth: 0.02,
  /**
   * Of a subject's energies the lower share, whose mean it is taken to need: other work on the machine only adds, and a sensor
   * errs either way.
   */
  energyLowShare: 0.5,
  /** From which on a word less than good is due, and from which on poor: shares, 0-1; why in judge-quality.ts. */
  load: { fair: 0.2, poor: 0.58 },
  lost: { fair: 0.1, poor: 0.3 },
  halfWidth: { fair: 0.02, poor: 0.05 },
  drift: { fair: 0.15 },
  clock: { fair: 0.1 },
} as const;

/**
 * A confidence with its odds c / (1 - c) multiplied by e^offset: rises with c, keeps 0 and 1, and offset 0 changes
 * nothing. The opposite offset undoes it.
 */
export function shiftOdds(confidence: number, offset: number): number {
  return confidence / (confidence + (1 - confidence) * Math.exp(-offset));
}

/**
 * What an exit's one threshold means class by class: a sample whose confidence is shifted by its class's offset reaches
 * the threshold where the confidence itself reaches this.
 * @param offsets per class that the exit answers [classes], log odds
 * @returns per class [classes]; a threshold beyond 0 and 1, which all or none reach, is the same for all
 */
export function classThresholds(threshold: number, offsets: Float32Array): number[] {
  const isShifted = threshold > 0 && threshold < 1;
  return Array.from(offsets, (offset) => (isShifted ? shiftOdds(threshold, -offset) : threshold));
}

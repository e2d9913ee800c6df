import { useProject } from "./project-store.ts";

/** The samples that plans are chosen on, which the window's figures are of, in words. */
export interface ChosenOn {
  readonly name: "calibration split" | "held-out images";
  /** "on the calibration split". */
  readonly where: string;
  /** Of one of them. */
  readonly sample: string;
}

const calibration: ChosenOn = {
  name: "calibration split",
  where: "on the calibration split",
  sample: "calibration sample",
};

const heldOut: ChosenOn = {
  name: "held-out images",
  where: "on all held-out images",
  sample: "held-out sample",
};

/** All held-out images since a search whose halves take turns, else the calibration split. */
export function useChosenOn(): ChosenOn {
  return useProject(({ project }) => (project?.front?.crossFit ? heldOut : calibration));
}

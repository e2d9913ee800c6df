import type { RunRecord } from "../../../../shared/files/run-record.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import type { RobustnessOptions } from "../../../../shared/model/robustness-options.ts";
import type {
  QuantiseOptions,
  SearchOptions,
  TargetOptions,
} from "../../../../shared/model/stage-options.ts";
import { singleFile } from "../../export/single-file.ts";
import { staged } from "../../export/staged.ts";
import type { TrainRequest } from "../train-project.ts";

/** All that a run from model and data to verified files depends on. */
export interface RunRequest extends TrainRequest {
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  readonly verifySeconds: number;
  /** How long the whole run may take: its stages then make do with less where they have to. */
  readonly timeBudgetSeconds?: number;
  /** A profile made elsewhere; this machine is profiled if absent. */
  readonly profile?: Profile;
  readonly search: SearchOptions;
  /** Static networks to compare the plan with, ONNX files. */
  readonly references?: readonly string[];
  /** How to quantise the backbone, if that is to be a static network beside the plan too. */
  readonly quantised?: QuantiseOptions;
  /** Whether exits are put into the quantised backbone as well. */
  readonly quantisedExits?: boolean;
  /** How to try the plan on corrupted images, if that is wanted. */
  readonly robustness?: RobustnessOptions;
  /** Weights of classes by name or number, for the search's use case. */
  readonly classWeights?: ReadonlyMap<string, number>;
  readonly outFolder: string;
  /** How it was asked for, to be kept beside what comes of it. */
  readonly recorded?: RunRecord;
}

/** What a run exports. */
export const runFormats = [singleFile, staged];

import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import type { RuntimeTensor } from "../runtime.ts";
import type { GuardLimits } from "./guard-probe.ts";

/** The messages between parent and child of a model probe; plain data. */

export type ImageType = BackboneInput["type"];

/** A tensor as seen while the model ran, at batch 1; a non-tensor value has no dims. */
export interface ObservedTensor {
  readonly type: string;
  readonly dims: readonly number[];
}

/** Numbers of a tensor as ONNX Runtime gives them. */
export type TensorNumbers = Exclude<RuntimeTensor["data"], readonly string[]>;

/** A tensor that depends on the image's shape alone: on one image, and on two if the model takes two. */
export interface ShapeObservation {
  readonly one: TensorNumbers;
  readonly two?: TensorNumbers;
}

export interface ProbeInput {
  readonly name: string;
  readonly type: ImageType;
  readonly dims: readonly number[];
}

/** Sent once. */
export interface ProbeRequest {
  /** What the child keeps to by itself, should its parent be unable to end it. */
  readonly limits: GuardLimits;
  /** File of the model's bytes, which the child removes with its folder; absent if they come on standard input. */
  readonly modelPath?: string;
  readonly input: ProbeInput;
  /** Images that it reads beside that one. */
  readonly further: readonly ProbeInput[];
  /** Whether the model says that it takes several images at once. */
  readonly dynamicBatch: boolean;
  /** Execution provider that it runs with; the one that runs everywhere if absent. */
  readonly provider?: string;
  /** Length of the model proper; the bytes after it are merged into it to make every tensor an output. */
  readonly modelBytes: number;
  /** Where those end; the bytes after them add copies of what is in branches and loops. */
  readonly observedBytes: number;
  /** Whether all branches have to be seen, for the image may choose any of them. */
  readonly mustSeeBranches: boolean;
  readonly outputs: readonly string[];
  /** Tensors that depend on the image's shape alone. */
  readonly shapeTensors: readonly string[];
  /** Tensors whose own shape such a tensor says. */
  readonly shapedTensors: readonly string[];
  /** One for each of the two random images. */
  readonly seeds: readonly [number, number];
}

export type ProbePhase =
  | "reading the model"
  | "loading the model"
  | "running the model"
  | "loading the optimised model"
  | "running the optimised model"
  | "running it on two images at once";

export interface ProbeResult {
  readonly tensors: ReadonlyMap<string, ObservedTensor>;
  /** Values of the small float outputs, on each of the two images; the smallest ones where not all can be sent. */
  readonly outputs: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** Of the small tensors that depend on the image's shape alone; the smallest ones where not all can be sent. */
  readonly shapeValues: ReadonlyMap<string, ShapeObservation>;
  /** Shapes of the `shapedTensors` on two images; empty if the model doesn't take two. */
  readonly pairDims: ReadonlyMap<string, readonly number[]>;
  /** Which of `outputs` hold for two images at once what they hold for each alone; none if the batch is fixed. */
  readonly batchedOutputs: readonly string[];
}

export type ProbeMessage =
  | { readonly kind: "phase"; readonly phase: ProbePhase }
  /** ONNX Runtime said this. */
  | { readonly kind: "failed"; readonly message: string }
  /** What was seen is more than can be sent. @param message what is too much, as a clause */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "result"; readonly result: ProbeResult };

/** A started child, as its parent sees it. */
export interface ProbeChild {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined;
  send(request: ProbeRequest): void;
  /** Ends it if it runs, and waits until the process is gone and nothing of it is left on disk. */
  end(): Promise<void>;
}

/** What a child tells its parent. */
export interface ProbeListener {
  said(message: ProbeMessage): void;
  /** @param how as part of a sentence: `died of SIGSEGV` */
  died(how: string): void;
}

/**
 * Starts a child that can read a model.
 * @param model the bytes in parts, one after the other
 * @throws AppError 'output-unwritable' if the model has to be on disk and can't
 */
export type ProbeLauncher = (model: readonly Uint8Array[], listener: ProbeListener) => Promise<ProbeChild>;

/** What parent and child of a model probe say to each other; plain data. */

/** A tensor as seen while the model ran, at batch 1; a non-tensor value has no dims. */
export interface ObservedTensor {
  readonly type: string;
  readonly dims: readonly number[];
}

export interface ProbeInput {
  readonly name: string;
  readonly type: "float32" | "float16" | "uint8";
  readonly dims: readonly number[];
}

/** Sent once; the bytes of the model follow on standard input. */
export interface ProbeRequest {
  readonly input: ProbeInput;
  /** Whether the model says that it takes several images at once. */
  readonly dynamicBatch: boolean;
  /** Length of the model proper; the bytes after it are merged into it to make every tensor an output. */
  readonly modelBytes: number;
  readonly outputs: readonly string[];
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
  /** Values of each small float output, on each of the two images. */
  readonly outputs: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** Whether two images at once give what they give one by one; false if the model's batch is fixed. */
  readonly dynamicBatch: boolean;
}

export type ProbeMessage =
  | { readonly kind: "phase"; readonly phase: ProbePhase }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "result"; readonly result: ProbeResult };

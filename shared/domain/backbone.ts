/** One operator of the backbone's graph, as people see it. */
export interface GraphNode {
  /** Unique in the model; made from the first output's name where the file gives none. */
  readonly name: string;
  readonly operator: string;
  /** Tensors read, without constants. */
  readonly inputs: readonly string[];
  readonly outputs: readonly TensorInfo[];
  /** Multiply-accumulate operations at batch 1; 0 for operators without weights. */
  readonly macs: number;
  readonly parameters: number;
  /** Bytes of the outputs at batch 1. */
  readonly activationBytes: number;
  /** Attributes as short text, for display only. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TensorInfo {
  readonly name: string;
  /** At batch 1. */
  readonly shape: readonly number[];
  readonly type: string;
}

/** A place where the graph splits into prefix and suffix, and where an exit head may be attached. */
export interface CutPoint {
  /** Order along the backbone, from 0. */
  readonly index: number;
  /** The feature map that a head reads, [1, channels, height, width], float32 or float16. Also the cut point's id. */
  readonly tensor: string;
  /**
   * The tensor that crosses from prefix to suffix: the same one, or in a quantised model the integer tensor
   * that `tensor` is dequantised from.
   */
  readonly boundary: string;
  readonly shape: readonly [number, number, number, number];
  readonly type: "float32" | "float16";
  /** Name of the node that produces `tensor`. */
  readonly node: string;
  /** MACs of the prefix, and their share of the whole (0-1). */
  readonly macs: number;
  readonly macsShare: number;
  readonly activationBytes: number;
}

/** A classifier that came with the model as an extra output, attached at a cut point. */
export interface ReadyExit {
  readonly output: string;
  readonly cutPoint: string;
}

/** The image input: which axis is what, and whether the batch may vary. */
export interface BackboneInput {
  readonly name: string;
  readonly type: "float32" | "float16" | "uint8";
  readonly layout: "NCHW" | "NHWC";
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly dynamicBatch: boolean;
}

export interface BackboneOutput {
  readonly name: string;
  readonly classes: number;
  /** What the file's output holds; found out by running it, not asked. */
  readonly kind: "logits" | "probabilities";
  /** The tensor that holds logits: the output itself, or what its Softmax reads; absent if only probabilities exist. */
  readonly logitsTensor?: string;
  readonly type: "float32" | "float16";
}

/** What import finds out about a model; everything but the weights. */
export interface BackboneSummary {
  readonly name: string;
  readonly sha256: string;
  readonly producer: string;
  readonly irVersion: number;
  readonly opset: number;
  readonly input: BackboneInput;
  readonly output: BackboneOutput;
  readonly precision: "float32" | "float16" | "int8";
  readonly nodes: readonly GraphNode[];
  readonly cutPoints: readonly CutPoint[];
  readonly readyExits: readonly ReadyExit[];
  readonly macs: number;
  readonly parameters: number;
  /** Bytes of all weights as stored. */
  readonly parameterBytes: number;
  readonly peakActivationBytes: number;
}

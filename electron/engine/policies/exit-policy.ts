import type { Fragment } from "../onnx/graph-builder.ts";

/** What the nodes of a policy need to know about the graph they go into. */
export interface PolicyGraph {
  readonly logits: string;
  readonly probabilities: string;
  readonly confidence: string;
  readonly classes: number;
  readonly opset: number;
  /** Per class [classes], log odds; only policies of thresholds per class read them. */
  readonly classOffsets: Float32Array;
}

/** What is compared with the threshold. Confidences rise with certainty under every policy. */
export interface ExitPolicy {
  readonly id: string;
  readonly title: string;
  /** Of a policy of thresholds per class: the policy whose confidence it shifts. Its offsets are fitted for every head. */
  readonly base?: ExitPolicy;
  /**
   * @param probabilities softmax of one sample, [classes]
   * @param classOffsets per class [classes], log odds; only policies of thresholds per class read them
   */
  confidence(probabilities: Float64Array, classOffsets: Float32Array): number;
  /** The same as ONNX nodes: logits and probabilities [N, classes] to confidence [N]; further tensors are called `confidence + '/…'`. */
  nodes(graph: PolicyGraph): Fragment;
}

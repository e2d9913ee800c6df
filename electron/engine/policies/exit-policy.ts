import type { Fragment } from "../onnx/graph-builder.ts";

/** What the nodes of a policy need to know about the graph they go into. */
export interface PolicyGraph {
  readonly probabilities: string;
  readonly confidence: string;
  readonly classes: number;
  readonly opset: number;
}

/** What is compared with the threshold. Confidences rise with certainty under every policy. */
export interface ExitPolicy {
  readonly id: string;
  readonly title: string;
  /** @param probabilities softmax of one sample, [classes] */
  confidence(probabilities: Float64Array): number;
  /** The same as ONNX nodes: probabilities [N, classes] to confidence [N]; further tensors are called `confidence + '/…'`. */
  nodes(graph: PolicyGraph): Fragment;
}

import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import type { Tree } from "../tree.ts";

/** A model that is to be damaged, and what lies beside its file. */
export interface ModelSubject {
  readonly proto: GraphModel;
  readonly beside: Tree;
}

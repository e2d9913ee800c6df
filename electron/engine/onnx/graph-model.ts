import type { GraphProto, ModelProto } from "./gen/onnx_pb.ts";

/** A model that holds its graph, as every one does that we read or make. */
export type GraphModel = ModelProto & { graph: GraphProto };

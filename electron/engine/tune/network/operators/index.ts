import type { NodeProto } from "../../../onnx/gen/onnx_pb.ts";
import type { WriteOperator } from "../python/operator.ts";
import { elementwise } from "./elementwise.ts";
import { pooling } from "./pooling.ts";
import { shapes } from "./shapes.ts";
import { weighted } from "./weighted.ts";

/** How each operator of the default domain is written in PyTorch. */
export const writeOperators: ReadonlyMap<string, WriteOperator> = new Map(
  Object.entries({ ...weighted, ...elementwise, ...pooling, ...shapes }),
);

/** Whether it is a layer of `torch.nn`, with weights of its own. */
export function isWeighted({ opType }: NodeProto): boolean {
  return opType in weighted;
}

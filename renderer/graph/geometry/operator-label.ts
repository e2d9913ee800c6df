import type { GraphNode } from "../../../shared/model/backbone.ts";

/** What an operator is called on its card: with its kernel and its stride where it has such, "Conv 3×3 /2". */
export function operatorLabel({ operator, attributes }: Pick<GraphNode, "operator" | "attributes">): string {
  const kernel = numbersIn(attributes.kernel_shape);
  if (kernel.length === 0) return operator;
  const strides = numbersIn(attributes.strides).filter((stride) => stride !== "1");
  const isEven = new Set(strides).size === 1 && strides.length === kernel.length;
  const stride =
    strides.length === 0 ? "" : ` /${isEven ? strides[0] : numbersIn(attributes.strides).join("×")}`;
  return `${operator} ${kernel.join("×")}${stride}`;
}

/** A list of whole numbers, as attributes are told. */
function numbersIn(text: string | undefined): readonly string[] {
  return text?.match(/\d+/g) ?? [];
}

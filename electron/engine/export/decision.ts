import type { CutPoint } from "../../../shared/model/backbone.ts";
import type { Head } from "../heads/head.ts";
import { joinFragments } from "../onnx/compose.ts";
import { type Fragment, node } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";

/** How an output decides: its policy, and the temperature that its logits are divided by. */
export interface Decision {
  readonly policy: ExitPolicy;
  readonly temperature: number;
  /** What a policy of thresholds per class shifts confidences by [classes], log odds; nothing if absent. */
  readonly classOffsets?: Float32Array;
}

/** One exit of a plan with all that its deployment needs. */
export interface DesignExit extends Decision {
  readonly cut: CutPoint;
  readonly head: Head;
  /** A number, or the name of a scalar graph input. */
  readonly threshold: number | string;
}

/** What a network's own output decides. */
export interface DesignEnd extends Decision {
  /** Absent at the end of the last network, where all samples leave. */
  readonly threshold?: number;
}

export const outputNames = { logits: "logits", exit: "exit", confidence: "confidence" } as const;

const outputs = new Set<string>(Object.values(outputNames));

/** What a tensor of the backbone is called in an export: another name if an output of the export bears its own. */
export function exportedName(tensor: string): string {
  return outputs.has(tensor) ? `offramp/backbone/${tensor}` : tensor;
}

/** Logits [N, K] called `name/logits` to confidence [N] called `name/confidence`. */
export function decisionFragment(
  name: string,
  { policy, temperature, classOffsets }: Decision,
  classes: number,
  opset: number,
): Fragment {
  const logits = `${name}/logits`;
  const scaled = temperature === 1 ? logits : `${name}/scaled`;
  const probabilities = `${name}/probabilities`;
  const scale: Fragment =
    temperature === 1
      ? { nodes: [], initializers: [] }
      : {
          nodes: [node("Mul", [logits, `${name}/inverse-temperature`], [scaled])],
          initializers: [floatTensor(`${name}/inverse-temperature`, [1 / temperature], [])],
        };
  return joinFragments([
    scale,
    { nodes: [node("Softmax", [scaled], [probabilities], { axis: 1 })], initializers: [] },
    policy.nodes({
      logits,
      probabilities,
      confidence: `${name}/confidence`,
      classes,
      opset,
      classOffsets: classOffsets ?? new Float32Array(classes),
    }),
  ]);
}

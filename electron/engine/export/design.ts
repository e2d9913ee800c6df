import { AppError } from "../../../shared/base/errors.ts";
import { isNameOf } from "../../../shared/model/backbone.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { exitPolicyById } from "../policies/index.ts";
import { top1 } from "../policies/top1.ts";
import type { Decision, DesignExit } from "./early-exit-model.ts";

/** A head with what calibration gave it. */
export interface CalibratedHead {
  readonly head: Head;
  readonly temperature: number;
  /** By policy of thresholds per class, see `Decision.classOffsets`. */
  readonly classOffsets: ReadonlyMap<string, Float32Array>;
}

/** A plan joined with everything that its deployment needs. */
export interface Design {
  readonly backbone: Backbone;
  readonly plan: Plan;
  readonly exits: readonly (DesignExit & { readonly threshold: number })[];
  /** How the backbone's own output states its confidence. */
  readonly final: Decision;
  /** Every head that there is, for exports that carry all of them. */
  readonly heads: readonly Head[];
}

/** @throws AppError 'file-invalid' if the plan was made for another model */
export function checkPlanModel({ summary }: Backbone, { backboneSha256 }: Plan): void {
  if (isNameOf(summary, backboneSha256)) return;
  const short = (sha256: string) => `SHA-256 ${sha256.slice(0, 8)}…`;
  throw new AppError(
    "file-invalid",
    `the plan was made for another model (${short(backboneSha256)}) than ${summary.name} ` +
      `(${short(summary.sha256)})`,
    { missing: "plan" },
  );
}

/**
 * @param backboneTemperature of the backbone's own output
 * @throws AppError 'file-invalid' if the plan names a cut point or head that isn't there, or was made for another model
 */
export function assembleDesign(
  backbone: Backbone,
  heads: readonly CalibratedHead[],
  backboneTemperature: number,
  plan: Plan,
): Design {
  checkPlanModel(backbone, plan);
  const exits = plan.exits.map(({ cutPoint, head: kind, policy: id, threshold }) => {
    const found = heads.find(({ head }) => head.cutPoint === cutPoint && head.kind === kind);
    if (!found)
      throw new AppError(
        "file-invalid",
        `the plan wants a head '${kind}' at '${cutPoint}', and none was trained there`,
      );
    const policy = exitPolicyById(id);
    const classOffsets = found.classOffsets.get(id);
    if (policy.base && !classOffsets)
      throw new AppError(
        "file-invalid",
        `the plan's exit at '${cutPoint}' goes by policy '${id}', and the project isn't calibrated for it`,
        { missing: "policyTable", policy: id },
      );
    const cut = cutPointByTensor(backbone.summary, cutPoint);
    return { cut, head: found.head, temperature: found.temperature, policy, classOffsets, threshold };
  });
  const last = exits.at(-1)?.policy ?? top1;
  const final = { policy: last.base ?? last, temperature: backboneTemperature };
  return { backbone, plan, exits, final, heads: heads.map(({ head }) => head) };
}

import type { PartitionedPlan, PlanExit, StatedExit } from "../../../../shared/model/plan.ts";
import type { Project } from "../project.ts";
import { projectFault } from "../project-fault.ts";

/**
 * Profiles time this backbone, and plans are made of its cut points and of heads and policies that there are. What a person
 * designs may name a head that has gone since; the window shows it as such.
 * @throws AppError 'file-invalid' naming what is of another project
 */
export function checkPlans(project: Project): void {
  const { summary } = project.backbone;
  const places = new Map(summary.cutPoints.map(({ tensor }, index) => [tensor, index]));
  const heads = new Set(project.heads.map(({ cutPoint, kind }) => `${cutPoint}\n${kind}`));
  const partitions = new Set([summary.input.name, ...places.keys()]);

  function checkPlace(tensor: string, where: string): void {
    if (!places.has(tensor))
      throw projectFault(`${where} names '${tensor}', which is no cut point of backbone.onnx`);
  }

  function checkOrder(exits: readonly Pick<PlanExit, "cutPoint">[], where: string): void {
    for (const [index, { cutPoint }] of exits.entries()) {
      const before = exits[index - 1]?.cutPoint;
      if (before !== undefined && places.get(cutPoint)! <= places.get(before)!)
        throw projectFault(
          `${where} has an exit at '${before}' before the one at '${cutPoint}', which comes no later`,
        );
    }
  }

  function checkPlan({ exits, cut }: PartitionedPlan, where: string): void {
    for (const { cutPoint, head, policy } of exits) {
      checkPlace(cutPoint, where);
      if (!heads.has(`${cutPoint}\n${head}`))
        throw projectFault(`${where} has an exit '${head}' at '${cutPoint}', where no such head stands`);
      if (!project.tables.calibration.has(policy))
        throw projectFault(`${where} has an exit of the policy '${policy}', which has no table`);
    }
    checkOrder(exits, where);
    checkCut(cut, where);
  }

  function checkCut(cut: string | undefined, where: string): void {
    if (cut !== undefined && !partitions.has(cut))
      throw projectFault(`${where} is partitioned at '${cut}', which is no cut point of backbone.onnx`);
  }

  for (const [index, { prefixes, heads: timed }] of project.profiles.entries())
    for (const { cutPoint } of [...prefixes, ...timed]) checkPlace(cutPoint, `profiles/${index}.json`);
  for (const [index, plan] of project.plans.entries()) {
    const where = `project.json, plans.${index}`;
    if (plan.backboneSha256 !== summary.sha256)
      throw projectFault(`${where} was made for another model than backbone.onnx`);
    for (const own of [plan, ...(plan.crossFit?.halves ?? [])]) checkPlan(own, where);
    checkStated(plan.exits, summary.output.classes, where);
  }
  const { front, design } = project;
  for (const plan of front ? frontPlans(front) : []) checkPlan(plan, "front.json");
  for (const { exits, cut } of design ? [design, ...design.pinned].map(asPlan) : []) {
    for (const { cutPoint } of exits) checkPlace(cutPoint, "project.json, design");
    checkOrder(exits, "project.json, design");
    checkCut(cut, "project.json, design");
  }
}

/** A design has its partition beside the server. */
function asPlan(part: PartitionedPlan & { readonly offload?: { readonly cut?: string } }): PartitionedPlan {
  return { exits: part.exits, cut: part.cut ?? part.offload?.cut };
}

function checkStated(exits: readonly StatedExit[], classes: number, where: string): void {
  const strange = exits.find(({ classThresholds }) => classThresholds && classThresholds.length !== classes);
  if (strange)
    throw projectFault(
      `${where} states ${strange.classThresholds?.length} thresholds per class, and there are ${classes} classes`,
    );
}

/** All plans that a front holds. */
export function frontPlans(front: NonNullable<Project["front"]>): PartitionedPlan[] {
  return [
    ...front.searches.flatMap(({ front: plans }) => plans),
    ...front.schemes.flatMap(({ plans }) => plans),
    ...(front.offload?.alone ?? []),
    front.recommended,
    ...(front.guarantee ? [front.guarantee.plain] : []),
    ...(front.crossFit?.halves ?? []),
    ...(front.safe?.plan ? [front.safe.plan] : []),
  ];
}

import type { Plan } from "../../../shared/model/plan.ts";
import { assembleDesign, type Design, type GivenForm } from "../export/design.ts";
import type { CalibratedModel, Project } from "../project/project.ts";

/** A plan with all that its deployment needs of the project. @throws AppError as `assembleDesign` does */
export function planDesign(project: Project, plan: Plan, given?: GivenForm): Design {
  const design = assembleDesign(designNetwork(project), plan, project.members.map(designNetwork), given);
  return { ...design, classNames: project.data?.classNames };
}

function designNetwork<Model extends CalibratedModel & Pick<Project, "preprocess">>(model: Model) {
  const { backbone, heads, temperatures, classOffsets } = model;
  const preprocess: Model["preprocess"] = model.preprocess;
  const calibrated = heads.map((head, row) => ({
    head,
    temperature: temperatures[row],
    classOffsets: new Map([...classOffsets].map(([policy, offsets]) => [policy, offsets[row]])),
  }));
  return { backbone, preprocess, heads: calibrated, temperature: temperatures[heads.length] };
}

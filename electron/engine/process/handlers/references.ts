import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { importModel } from "../../onnx/import/import-model.ts";
import { optionsHere } from "../../profile/target.ts";
import { trainedProject } from "../../project/project.ts";
import { measureReference } from "../../stages/reference-stage.ts";
import type { Handlers } from "../handler.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** Other classifiers, for comparison. */
export function referenceHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.addReference" | "project.removeReference"> {
  return {
    "project.addReference": ({ path, target: id, output }, call) =>
      workspace.change("measuring a reference model", async (open) => {
        const project = trainedProject(open);
        const target = await optionsHere(profileById(project, id));
        const reference = await importReference(path, output, project.backbone, call.job("import"));
        const measured = await workspace.withData(call.job("load"), (data) =>
          measureReference(reference, project, data, target, call.job("verify")),
        );
        const others = project.references.filter(({ sha256 }) => sha256 !== measured.sha256);
        return { ...project, references: [...others, { ...measured, target: id }] };
      }),
    "project.removeReference": ({ sha256 }) =>
      workspace.change("removing a reference model", async (project) => ({
        ...project,
        references: project.references.filter((reference) => reference.sha256 !== sha256),
      })),
  };
}

/** A reference that leaves the size of its images open gets those of the project's model. */
async function importReference(
  path: string,
  output: string | undefined,
  { summary: { input } }: Backbone,
  job: Job,
): Promise<Backbone> {
  try {
    return await importModel(path, { output }, job);
  } catch (error) {
    if (!(error instanceof AppError) || error.details.missing !== "inputSize") throw error;
    return importModel(path, { output, inputSize: [input.height, input.width] }, job);
  }
}

import { checkReferenceTarget } from "../../profile/time-references.ts";
import { trainedProject } from "../../project/project.ts";
import { importReference, measureReference } from "../../stages/reference-stage.ts";
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
        const profile = profileById(project, id);
        const reference = await importReference(path, output, project.backbone, call.job("import"));
        await checkReferenceTarget(reference, profile);
        const measured = await workspace.withData(call.job("load"), (data) =>
          measureReference(reference, project, data, profile, call.job("references")),
        );
        const others = project.references.filter(({ sha256 }) => sha256 !== measured.sha256);
        return { ...project, references: [...others, measured] };
      }),
    "project.removeReference": ({ sha256 }) =>
      workspace.change("removing a reference model", async (project) => ({
        ...project,
        references: project.references.filter((reference) => reference.sha256 !== sha256),
      })),
  };
}

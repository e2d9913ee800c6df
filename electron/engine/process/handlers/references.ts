import { AppError } from "../../../../shared/base/errors.ts";
import type { ReferenceModel } from "../../../../shared/model/reference-model.ts";
import { writeFileAtomically } from "../../../disk/write-file.ts";
import { writableFile } from "../../base/write-outputs.ts";
import { optionsHere } from "../../profile/target.ts";
import { checkReferenceTarget } from "../../profile/time-references.ts";
import { type Project, trainedProject } from "../../project/project.ts";
import { quantisable } from "../../quantise/quantise-model.ts";
import { quantiseBackbone } from "../../stages/quantise-stage.ts";
import { importReference, measureReference } from "../../stages/reference-stage.ts";
import type { Handlers } from "../handler.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** Other classifiers, for comparison. */
export function referenceHandlers(
  workspace: Workspace,
): Pick<
  Handlers,
  "project.addReference" | "project.removeReference" | "project.quantise" | "project.saveQuantised"
> {
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
        return withReference(project, { ...measured, path });
      }),
    "project.quantise": ({ target: id, options }, call) =>
      workspace.change("quantising the backbone", async (open) => {
        const project = trainedProject(open);
        const profile = profileById(project, id);
        quantisable(project.backbone);
        await optionsHere(profile);
        const measured = await workspace.withData(call.job("load"), async (data) => {
          const { quantised } = await quantiseBackbone(project.backbone, data, options, call.job("quantise"));
          return measureReference(quantised, project, data, profile, call.job("references"));
        });
        return withReference(project, { ...measured, quantised: options });
      }),
    "project.saveQuantised": ({ path, sha256 }, call) =>
      workspace.exclusively("saving the int8 network", async () => {
        const { backbone, references } = trainedProject(workspace.project);
        const options = references.find((reference) => reference.sha256 === sha256)?.quantised;
        if (!options)
          throw new AppError("usage", "that network was not made here; quantise the backbone first");
        await writableFile(path, workspace.modelPath ?? undefined);
        const { quantised, file } = await workspace.withData(call.job("load"), (data) =>
          quantiseBackbone(backbone, data, options, call.job("quantise")),
        );
        if (quantised.summary.sha256 !== sha256)
          throw new AppError(
            "data-mismatch",
            `quantised again, ${backbone.summary.name} gives another network than the one on the chart: its calibration images or this machine differ; quantise again and save that one`,
          );
        await writeFileAtomically(path, file);
        return {};
      }),
    "project.removeReference": ({ sha256 }) =>
      workspace.change("removing a reference model", async (project) => ({
        ...project,
        references: project.references.filter((reference) => reference.sha256 !== sha256),
      })),
  };
}

/** A network that is measured again takes the place of what was known of it. */
function withReference<Own extends Project>(project: Own, measured: ReferenceModel): Own {
  const others = project.references.filter(({ sha256 }) => sha256 !== measured.sha256);
  return { ...project, references: [...others, measured] };
}

import { trainedProject } from "../../project/project.ts";
import { measureRobustness } from "../../stages/robustness/measure-robustness.ts";
import { createStageRunner } from "../../stages/stage-context.ts";
import type { Handlers } from "../handler.ts";
import { withProjectData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** What becomes of plans when images get worse. */
export function robustnessHandlers(workspace: Workspace): Pick<Handlers, "project.tryCorrupted"> {
  const { cache } = workspace;
  return {
    "project.tryCorrupted": ({ plan, target, options }, call) =>
      workspace.change("trying corrupted images", async (open) => {
        const project = trainedProject(open);
        const profile = profileById(project, target);
        const stages = createStageRunner(cache, call.job);
        const used = { project, profile, plan };
        const robustness = await withProjectData(project, cache, stages, (data) =>
          stages.run("robustness", (context) => measureRobustness(context, used, data, options)),
        );
        return { ...project, robustness };
      }),
  };
}

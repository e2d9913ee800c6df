import { headChoices } from "../../heads/head-choices.ts";
import type { Project, TrainedProject } from "../../project/project.ts";
import { createStageRunner } from "../../stages/stage-context.ts";
import { trainProject } from "../../stages/train-project.ts";
import type { Handlers } from "../handler.ts";
import { areSameHeads, profiledHeads } from "../profiled-heads.ts";
import { classSources, provideData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";

export function trainHandlers(workspace: Workspace): Pick<Handlers, "project.train"> {
  const { cache } = workspace;
  return {
    "project.train": ({ path, preprocess, splits, classes: chosen, heads: wanted, training, force }, call) =>
      workspace.change("training", async (project) => {
        const heads = headChoices(wanted);
        await provideData(path, cache, call.job("load"));
        const policies = [...project.tables.calibration.keys()];
        const classes = classSources(project, path, chosen);
        const request = { dataPath: path, preprocess, splits, classes, heads, training, policies, force };
        const stages = createStageRunner(cache, call.job);
        const { project: trained, data } = await trainProject(
          project.backbone,
          request,
          stages,
          project.members,
        );
        await data.source.close();
        return { ...trained, profiles: stillValid(project, trained) };
      }),
  };
}

/** Latency depends on a head's form, not on its weights: profiles outlive a training that leaves the forms alone. */
function stillValid(before: Project, after: TrainedProject): Project["profiles"] {
  const isSame =
    areSameHeads(profiledHeads(before), after.heads) &&
    after.members.every(({ heads }, index) => areSameHeads(before.members[index].heads, heads));
  return isSame ? before.profiles : [];
}

import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { withRun } from "../../../../shared/files/training-run.ts";
import { isTuned } from "../../../../shared/model/families.ts";
import { headChoices } from "../../heads/head-choices.ts";
import type { Member, Project, TrainedProject } from "../../project/project.ts";
import { keepTuned } from "../../stages/keep-tuned.ts";
import { createStageRunner } from "../../stages/stage-context.ts";
import { trainProject } from "../../stages/train-project.ts";
import type { Handlers } from "../handler.ts";
import { areSameHeads, profiledHeads } from "../profiled-heads.ts";
import { classSources, provideData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";
import { memberModels } from "./members.ts";

export function trainHandlers(workspace: Workspace): Pick<Handlers, "project.train"> {
  const { cache } = workspace;
  return {
    "project.train": (
      { path, preprocess, splits, classes: chosen, heads: wanted, spareReady, training, force },
      call,
    ) =>
      workspace.change("training", async (project) => {
        const heads = headChoices(wanted);
        await provideData(path, cache, call.job("load"));
        const policies = [...project.tables.calibration.keys()];
        const classes = classSources(project, path, chosen);
        const wish = { heads, spareReady };
        const how = { training, policies, force, onCurve: call.showCurve };
        const request = { dataPath: path, preprocess, splits, classes, ...wish, ...how };
        const stages = createStageRunner(cache, call.job);
        // A tuned network's heads learnt together with it.
        const asItCame = { ...project, members: project.members.filter((member) => !isTuned(member)) };
        const { project: made, data } = await trainProject(
          project.backbone,
          request,
          stages,
          memberModels(asItCame, preprocess),
        );
        try {
          const trained = await keepTuned(project, made, data, stages);
          const runs = withRun(project.runs, made.runs.at(-1));
          return { ...trained, runs, profiles: stillValid(asItCame, made) };
        } finally {
          await data.source.close();
        }
      }),
  };
}

/** Latency depends on a head's form, not on its weights: profiles outlive a training that leaves the forms alone. */
function stillValid(before: Project, after: TrainedProject): Project["profiles"] {
  const isSame =
    areSameHeads(profiledHeads(before), after.heads) &&
    after.members.every((member, index) => isTimedAlike(before, before.members[index], member));
  return isSame ? before.profiles : [];
}

/** No profile has a member's latencies before training; afterwards they hold for the same heads and the same way of making images. */
function isTimedAlike({ data }: Project, before: Member, { heads, preprocess }: Member): boolean {
  if (!data) return true;
  return areSameHeads(before.heads, heads) && samePlainData(before.preprocess, preprocess);
}

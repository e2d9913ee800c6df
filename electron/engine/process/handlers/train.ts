import { AppError } from "../../../../shared/base/errors.ts";
import type { HeadChoice } from "../../heads/head-kind.ts";
import { headKindById } from "../../heads/index.ts";
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

/** @throws AppError 'usage' for an unknown kind or one named twice, or options that it doesn't take */
function headChoices(
  wanted: readonly { readonly kind: string; readonly options: Readonly<Record<string, unknown>> }[],
): HeadChoice[] {
  return wanted.map(({ kind: id, options }, index) => {
    const kind = headKindById(id);
    if (wanted.findIndex((other) => other.kind === id) < index)
      throw new AppError("usage", `head kind '${id}' is chosen twice; choose it once`);
    const parsed = kind.options.safeParse(options);
    if (parsed.success) return { kind, options: parsed.data };
    const [issue] = parsed.error.issues;
    throw new AppError("usage", `head kind '${id}', ${issue.path.join(".")}: ${issue.message}`);
  });
}

/** Latency depends on a head's form, not on its weights: profiles outlive a training that leaves the forms alone. */
function stillValid(before: Project, after: TrainedProject): Project["profiles"] {
  const isSame =
    areSameHeads(profiledHeads(before), after.heads) &&
    after.members.every(({ heads }, index) => areSameHeads(before.members[index].heads, heads));
  return isSame ? before.profiles : [];
}

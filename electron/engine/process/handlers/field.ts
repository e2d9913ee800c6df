import { readFieldCounts } from "../../project/read-field-counts.ts";
import { choiceInputs } from "../../search/search-inputs.ts";
import { countedPlan, monitorProject, projectOfCounts } from "../../stages/monitor-stage.ts";
import { offloadTo } from "../../stages/offload-stage.ts";
import type { Handlers } from "../handler.ts";
import { fileName, type Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** What the open project's plan does in the field; reading it changes nothing. */
export function fieldHandlers(workspace: Workspace): Pick<Handlers, "field.open"> {
  return {
    "field.open": async ({ path, target, offload, classWeights }, call) => {
      const counts = await readFieldCounts(path);
      const project = await projectOfCounts(workspace.project, counts);
      const server = offload && offloadTo(project, profileById(project, offload.server), offload.link);
      const inputs = { ...choiceInputs(project, profileById(project, target)), offload: server };
      const report = await monitorProject({ project, inputs, classWeights }, { counts }, call.job("search"));
      return { name: fileName(path), plan: countedPlan({ counts }), report };
    },
  };
}

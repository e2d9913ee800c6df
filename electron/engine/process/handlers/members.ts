import { AppError } from "../../../../shared/base/errors.ts";
import { frontPlans } from "../../project/agreement/plans.ts";
import { maxMembers, type Project } from "../../project/project.ts";
import type { Handlers } from "../handler.ts";
import type { Workspace } from "../workspace.ts";

/** Further networks that plans may go through. */
export function memberHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.addMember" | "project.removeMember"> {
  return {
    "project.addMember": () =>
      workspace.change("adding a network", async () => {
        throw new AppError("usage", `up to ${maxMembers} networks can't be added here yet`);
      }),
    "project.removeMember": ({ sha256 }) =>
      workspace.change("removing a network", async (project) => withoutMember(project, sha256)),
  };
}

/**
 * Plans that go through it go with a network, and the front that holds such plans.
 * @throws AppError 'usage' if there is no such network
 */
function withoutMember(project: Project, sha256: string): Project {
  const members = project.members.filter(({ backbone }) => backbone.summary.sha256 !== sha256);
  if (members.length === project.members.length)
    throw new AppError("usage", "that network is not in the project; it may have been removed already");
  const goesThrough = ({ chain }: { readonly chain?: readonly string[] }) => chain?.includes(sha256) === true;
  const isFrontOf = project.front !== undefined && frontPlans(project.front).some(goesThrough);
  return {
    ...project,
    members,
    plans: isFrontOf ? [] : project.plans.filter((plan) => !goesThrough(plan)),
    front: isFrontOf ? undefined : project.front,
  };
}

import { AppError } from "../../../../shared/base/errors.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../../shared/model/stage-options.ts";
import { isThisMachine } from "../../../../shared/model/this-machine.ts";
import { checkProfileHeads } from "../../profile/check-profile.ts";
import { profileOfModel } from "../../profile/profile-of-model.ts";
import { readProfile } from "../../profile/read-profile.ts";
import { describeMachine } from "../../profile/target.ts";
import type { ImageSize } from "../../profile/time-entry.ts";
import type { Project } from "../../project/project.ts";
import { storedPolicies } from "../../project/project-archive.ts";
import { withProfileFor } from "../../project/replace-profile.ts";
import { exampleSize, measureNetworks, profileNetworks } from "../../stages/profile-networks.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../handler.ts";
import { profiledHeads } from "../profiled-heads.ts";
import { isDataAvailable } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";

/** Latencies of targets: measured here, brought from elsewhere, dropped. */
export function profileHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.profile" | "project.importProfile" | "project.removeProfile"> {
  return {
    "project.profile": ({ target, seconds }, call) =>
      workspace.change("profiling", async (project) => {
        const heads = profiledHeads(project);
        const known = profileHere(project, target);
        const job = call.job("profile");
        const networks = { ...project, heads };
        const imageSize = await imageSizeOf(project, workspace, call);
        const measuring = { target, seconds, imageSize };
        if (!known) {
          const context = { cache: workspace.cache, job };
          return withProfile(project, await profileNetworks(context, networks, measuring));
        }
        // Whoever profiles a target again wants it measured again.
        const again = await measureNetworks(networks, measuring, job);
        return withProfileFor(project, known, again);
      }),
    "project.importProfile": ({ path }) =>
      workspace.change("importing a profile", async (project) => {
        const profile = profileOfModel(project.backbone.summary, await readProfile(path));
        checkProfileHeads(project.heads, storedPolicies(project), profile);
        return withProfile(project, profile);
      }),
    "project.removeProfile": ({ id }) =>
      workspace.change("removing a profile", async (project) => withoutProfile(project, id)),
  };
}

/** How large the data's images are, which further networks' own are made of; undefined where they aren't at hand. */
async function imageSizeOf(
  { data, members }: Project,
  workspace: Workspace,
  call: Call,
): Promise<ImageSize | undefined> {
  if (!data || members.length === 0 || !(await isDataAvailable(data.path, workspace.cache))) return undefined;
  return workspace.withData(call.job("load"), exampleSize);
}

/** @throws AppError 'usage' if there is no such profile */
export function profileById({ profiles }: Project, id: string): Profile {
  const profile = profiles.find((own) => own.id === id);
  if (profile) return profile;
  throw new AppError(
    "usage",
    `the project has no profile '${id}' among its ${profiles.length}; profile a target first`,
  );
}

function profileHere({ profiles }: Project, { provider, threads }: TargetOptions): Profile | undefined {
  const here = describeMachine();
  return profiles.find(
    ({ target }) => target.provider === provider && target.threads === threads && isThisMachine(target, here),
  );
}

/** One more profile, unless the project has it. */
export function withProfile(project: Project, profile: Profile): Project {
  if (project.profiles.some(({ id }) => id === profile.id)) return project;
  return { ...project, profiles: [...project.profiles, profile] };
}

/** References that were timed on its target and the front that was searched with it go with a profile. */
function withoutProfile(project: Project, id: string): Project {
  const removed = profileById(project, id);
  const without = {
    ...project,
    profiles: project.profiles.filter((profile) => profile !== removed),
    references: project.references.filter(({ target }) => target !== id),
  };
  return project.front?.profile === id ? { ...without, front: undefined, plans: [] } : without;
}

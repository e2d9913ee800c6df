import { AppError } from "../../../../shared/base/errors.ts";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import { hashOf } from "../../base/hash.ts";
import { checkProfileHeads, checkProfileModel } from "../../profile/check-profile.ts";
import { readProfile } from "../../profile/read-profile.ts";
import { describeTarget } from "../../profile/target.ts";
import type { Project } from "../../project/project.ts";
import { storedPolicies } from "../../project/project-archive.ts";
import { measureHeads, profileHeads } from "../../stages/profile-stage.ts";
import type { Handlers } from "../handler.ts";
import { profiledHeads } from "../profiled-heads.ts";
import type { Workspace } from "../workspace.ts";

/** Latencies of targets: measured here, brought from elsewhere, dropped. */
export function profileHandlers(
  workspace: Workspace,
): Pick<Handlers, "project.profile" | "project.importProfile" | "project.removeProfile"> {
  return {
    "project.profile": ({ target, seconds }, call) =>
      workspace.change("profiling", async (project) => {
        const heads = profiledHeads(project);
        const here = hashOf(describeTarget(target));
        const known = project.profiles.findIndex((profile) => hashOf(profile.target) === here);
        const job = call.job("profile");
        if (known < 0) {
          const context = { cache: workspace.cache, job };
          const profile = await profileHeads(context, project.backbone, heads, target, seconds);
          return { ...project, profiles: [...project.profiles, profile] };
        }
        // Whoever profiles a target again wants it measured again.
        const profile = await measureHeads(project.backbone, heads, target, seconds, job);
        return withProfile(project, known, profile);
      }),
    "project.importProfile": ({ path }) =>
      workspace.change("importing a profile", async (project) => {
        const profile = await readProfile(path);
        checkProfileModel(project.backbone, profile);
        checkProfileHeads(project.heads, storedPolicies(project), profile);
        return { ...project, profiles: [...project.profiles, profile] };
      }),
    "project.removeProfile": ({ index }) =>
      workspace.change("removing a profile", async (project) => withoutProfile(project, index)),
  };
}

/** @throws AppError 'usage' if there is no such profile */
export function profileAt({ profiles }: Project, index: number): Profile {
  const profile = profiles[index];
  if (profile) return profile;
  throw new AppError(
    "usage",
    `no profile ${index}; the project holds ${profiles.length}, counted from 0; profile a target first`,
  );
}

/** Whether a front's latencies come from a profile. */
export function isFrontOf(front: FrontFile, profile: Profile): boolean {
  return front.backbone.latencyMs === profile.backbone.meanMs;
}

function withProfile(project: Project, index: number, profile: Profile): Project {
  const replaced = project.profiles[index];
  return {
    ...withoutFrontOf(project, replaced),
    profiles: project.profiles.map((other) => (other === replaced ? profile : other)),
  };
}

/** References that were timed on the profile's target go with it; those on later ones move down by one. */
function withoutProfile(project: Project, index: number): Project {
  const removed = profileAt(project, index);
  const references = project.references
    .filter(({ target }) => target !== index)
    .map((reference) => ({ ...reference, target: reference.target - (reference.target > index ? 1 : 0) }));
  const profiles = project.profiles.filter((_, at) => at !== index);
  return { ...withoutFrontOf(project, removed), profiles, references };
}

function withoutFrontOf(project: Project, profile: Profile): Project {
  if (!project.front || !isFrontOf(project.front, profile)) return project;
  return { ...project, front: undefined, plans: [] };
}

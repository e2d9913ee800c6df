import { chosenProfile, type Profile } from "../../shared/model/profile.ts";
import { useDesign } from "./design-store.ts";
import { useProject } from "./project-store.ts";

/** The profile that latencies are taken from; undefined before there is any. */
export function useTargetProfile(): Profile | undefined {
  const target = useDesign((design) => design.target);
  return useProject(({ project }) => (project ? chosenProfile(project.profiles, target) : undefined));
}

export function targetProfile(): Profile | undefined {
  const { project } = useProject.getState();
  return project ? chosenProfile(project.profiles, useDesign.getState().target) : undefined;
}

import { join } from "node:path";
import type { JobFiles, OpeningContext } from "../../jobs/job-kind.ts";
import { openProject } from "../../project/open-project.ts";
import { newProject, type Project } from "../../project/project.ts";
import { encodeProject } from "../../project/project-archive.ts";

const projectFile = "project.offramp";

/** A project's networks with their heads and tables, as a file of a job: without what was found with them, on which no job depends. */
export function packProject(project: Project): JobFiles {
  const { backbone } = project;
  const { profiles, front, plans, design, references, runs } = newProject(backbone);
  const networks = { ...project, profiles, front, plans, design, references, runs };
  return { [projectFile]: encodeProject(networks) };
}

/** @throws AppError as `openProject` does */
export function openPackedProject(folder: string, { job, cache, limits }: OpeningContext): Promise<Project> {
  return openProject(join(folder, projectFile), job, cache, limits);
}

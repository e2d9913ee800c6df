import type { FuzzCase } from "../fuzz-case.ts";
import { knownDataSets } from "./data-sets.ts";
import { knownModels } from "./models.ts";
import { knownProjects } from "./projects.ts";

/** What is known to have done harm once, by name; each is opened by every run. */
export const knownCases: Readonly<Record<string, () => FuzzCase | Promise<FuzzCase>>> = {
  ...prefixed("model", knownModels),
  ...prefixed("project", knownProjects),
  ...prefixed("data", knownDataSets),
};

function prefixed<Make>(kind: string, cases: Readonly<Record<string, Make>>): Record<string, Make> {
  return Object.fromEntries(Object.entries(cases).map(([id, make]) => [`${kind}-${id}`, make]));
}

export async function knownCase(id: string): Promise<FuzzCase> {
  return knownCases[id]();
}

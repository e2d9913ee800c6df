import { openProject, searchInputs, trainedProject } from "../../electron/engine/index.ts";
import { countSamples } from "../../shared/field/testing/count-samples.ts";
import type { CountedPoint } from "../../shared/files/field-counts.ts";
import type { Plan } from "../../shared/model/plan.ts";
import { planSpace } from "../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../shared/space/plan-exits.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { takeSamples } from "../../shared/space/split-space.ts";

/** T-shirt, pullover, dress, coat and shirt, which look alike. */
const tops = [0, 2, 3, 4, 6];

/** Fields of the sample's plan that are made of its test images, on which nothing was chosen. */
export interface SampleField {
  readonly plan: Plan;
  /** All of them. */
  readonly usual: SearchSpace;
  /** Those among which shoes, bags and trousers are rare. */
  readonly mostlyTops: SearchSpace;
}

/** @param path of the explored sample */
export async function openSampleField(path: string): Promise<SampleField> {
  const project = trainedProject(await openProject(path));
  const [plan] = project.plans;
  const usual = planSpace(searchInputs(project, "test", project.profiles[0]), plan).space;
  const [{ labels }] = project.tables.test.values();
  const isKept = (index: number) => tops.includes(labels![index]) || index % 5 === 0;
  const kept = Uint32Array.from({ length: usual.samples }, (_, k) => k).filter(isKept);
  return { plan, usual, mostlyTops: takeSamples(usual, kept) };
}

/** What a runner would have counted of these images. */
export function countedOn(space: SearchSpace, plan: Plan): CountedPoint {
  return countSamples(space, fromPlanExits(space, plan.exits));
}

/** The file that a runner keeps. */
export function countsFile(plan: Plan, ...points: CountedPoint[]): string {
  const manifestSha256 = "0".repeat(64);
  return JSON.stringify({ format: "offramp-field-counts", version: 1, manifestSha256, plan, points });
}

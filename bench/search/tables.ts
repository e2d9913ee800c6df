import { openProject, searchInputs, trainedProject } from "../../electron/engine/index.ts";
import { seededRandom } from "../../shared/base/random.ts";
import { buildSearchSpace } from "../../shared/space/build-space.ts";
import type { SearchSpace } from "../../shared/space/search-space.ts";
import { syntheticSpace } from "../../shared/space/testing/synthetic-space.ts";

/** A made-up table; see `syntheticSpace` for what it resembles. */
export function table(seed: number, positions: number, maxExits: number, samples = 10_000): SearchSpace {
  return syntheticSpace(seededRandom(seed), { samples, positions, maxExits, levels: 32 });
}

/** The sample project's calibration split under its first profile, top-1 confidences. */
export async function sampleTable(maxExits: number): Promise<SearchSpace> {
  const project = trainedProject(await openProject("assets/samples/fashion-mnist/explored.offramp"));
  const { tables, profiles } = project;
  const calibration = new Map([["top1", tables.calibration.get("top1")!]]);
  const inputs = { ...searchInputs(project, "calibration", profiles[0]), tables: calibration };
  return buildSearchSpace({ ...inputs, maxExits, levels: 32 });
}

import { shareInterval } from "../../../shared/base/intervals.ts";
import type { NetworkFigures } from "../../../shared/files/summary.ts";
import { accuracyOf } from "../../../shared/space/reference-point.ts";
import { effectiveSamples, type SearchSpace } from "../../../shared/space/search-space.ts";
import { tableRow } from "../calibrate/confidence-table.ts";
import type { CalibratedModel } from "../project/project.ts";
import { type PlanInUse, testSpace } from "./verify-stage.ts";

/**
 * The networks of a project, each on its own, on the test split.
 * @returns undefined where the backbone is alone; members that the profile hasn't timed are left out
 */
export function compareNetworks(used: PlanInUse): NetworkFigures[] | undefined {
  const { project, profile } = used;
  if (project.members.length === 0) return undefined;
  const space = testSpace(used);
  const backboneMs = profile.backbone.meanMs;
  const members = project.members.flatMap((member) => {
    const { graphSha256 } = member.backbone.summary;
    const timed = profile.members?.find((own) => own.graphSha256 === graphSha256);
    const meanMs = timed && timed.backbone.meanMs + (timed.entry?.meanMs ?? 0);
    if (meanMs === undefined) return [];
    return [{ ...figuresOf(member, meanMs, backboneMs, space), outputs: [...member.outputs] }];
  });
  return [figuresOf(project, backboneMs, backboneMs, space), ...members];
}

function figuresOf(
  { backbone, tables }: CalibratedModel,
  meanMs: number,
  backboneMs: number,
  space: SearchSpace,
): NetworkFigures {
  const { name, sha256, macs, parameters } = backbone.summary;
  const [table] = tables.test.values();
  const accuracy = accuracyOf(space, tableRow(table, table.exits).correct);
  const samples = effectiveSamples(space);
  return {
    name,
    sha256,
    accuracy,
    accuracyInterval: shareInterval(accuracy * samples, samples),
    latencyMs: { mean: meanMs },
    macs,
    parameters,
    speedup: backboneMs / meanMs,
  };
}

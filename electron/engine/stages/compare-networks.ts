import { shareInterval } from "../../../shared/base/intervals.ts";
import type { HeldOutPart } from "../../../shared/cross-fit/join-tables.ts";
import type { NetworkFigures } from "../../../shared/files/summary.ts";
import { aloneMs, memberProfile } from "../../../shared/model/profile.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { accuracyOf } from "../../../shared/space/reference-point.ts";
import { effectiveSamples, type SearchSpace } from "../../../shared/space/search-space.ts";
import { type PolicyTables, tableRow } from "../calibrate/confidence-table.ts";
import { choicePart, tablesOn } from "../project/choice-tables.ts";
import type { CalibratedModel } from "../project/project.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { type PlanInUse, testSpace } from "./verify-stage.ts";

/**
 * The networks of a project, each on its own, on the test split.
 * @returns undefined where the backbone is alone; members that the profile hasn't timed are left out
 */
export function compareNetworks(used: PlanInUse): NetworkFigures[] | undefined {
  const { project, profile } = used;
  if (project.members.length === 0) return undefined;
  const spaces = { test: testSpace(used), choice: choiceSpace(used) };
  const backboneMs = profile.backbone.meanMs;
  const members = project.members.flatMap((member) => {
    const timed = memberProfile(profile, member.backbone.summary);
    if (!timed) return [];
    const figures = figuresOf(member, aloneMs(timed), backboneMs, spaces);
    return [{ ...figures, tunedFrom: member.tunedFrom, outputs: [...member.outputs] }];
  });
  return [figuresOf(project, backboneMs, backboneMs, spaces), ...members];
}

/** Of the test split, and of the samples that plans are chosen on: their weights are what counts. */
interface Spaces {
  readonly test: SearchSpace;
  readonly choice: { readonly space: SearchSpace; readonly part: HeldOutPart };
}

function choiceSpace({ project, profile, classWeights }: PlanInUse): Spaces["choice"] {
  const part = choicePart(project);
  return { part, space: planSpace({ ...searchInputs(project, part, profile), classWeights }, {}).space };
}

function correctAtOutput(tables: PolicyTables): Uint8Array {
  const [table] = tables.values();
  return tableRow(table, table.exits).correct;
}

function figuresOf(
  { backbone, tables }: CalibratedModel,
  meanMs: number,
  backboneMs: number,
  { test, choice }: Spaces,
): NetworkFigures {
  const { name, sha256, macs, parameters } = backbone.summary;
  const accuracy = accuracyOf(test, correctAtOutput(tables.test));
  const samples = effectiveSamples(test);
  return {
    name,
    sha256,
    accuracy,
    accuracyInterval: shareInterval(accuracy * samples, samples),
    calibrationAccuracy: accuracyOf(choice.space, correctAtOutput(tablesOn(tables, choice.part))),
    latencyMs: { mean: meanMs },
    macs,
    parameters,
    speedup: backboneMs / meanMs,
  };
}

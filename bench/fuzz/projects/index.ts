import { unzipSync } from "fflate";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import type { Project } from "../../../electron/engine/project/project.ts";
import { encodeProject } from "../../../electron/engine/project/project-archive.ts";
import type { Random } from "../../../shared/base/random.ts";
import { between, chance } from "../drawing/draw.ts";
import { type Mutator, mutate } from "../mutator.ts";
import { byteMutators } from "../wire/index.ts";
import {
  jsonBroken,
  jsonMissing,
  jsonNeighbour,
  jsonNested,
  jsonNumber,
  jsonOtherType,
  jsonRepeat,
  jsonText,
} from "./mutators/json.ts";
import {
  bombMember,
  claimSize,
  damageMember,
  removeMember,
  repeatMember,
  swapMembers,
} from "./mutators/members.ts";
import { damageModel, otherModel } from "./mutators/models.ts";
import { otherTable } from "./mutators/tables.ts";
import { archiveBytes, type ProjectSubject } from "./project-subject.ts";
import { seedProject } from "./seed-project.ts";

/** Every way to damage a project. */
export const projectMutators: readonly Mutator<ProjectSubject>[] = [
  jsonNumber,
  jsonNumber,
  jsonText,
  jsonOtherType,
  jsonMissing,
  jsonNeighbour,
  jsonRepeat,
  jsonNested,
  jsonBroken,
  removeMember,
  swapMembers,
  repeatMember,
  damageMember,
  claimSize,
  bombMember,
  otherTable,
  otherTable,
  damageModel,
  damageModel,
  otherModel,
];

const shareSealed = 0.9;
const shareOnWire = 0.05;

/** A copy of the sound project's archive. */
export async function projectSubject(): Promise<ProjectSubject> {
  seed ??= seedProject();
  const project = await seed;
  encoded ??= encodeProject(project);
  const members = Object.entries(unzipSync(encoded)).map(([name, bytes]) => ({ name, bytes }));
  return { members, models: modelsOf(project) };
}

let seed: Promise<Project> | undefined;
let encoded: Uint8Array | undefined;

function modelsOf({ backbone, heads }: Project): Map<string, GraphModel> {
  const own = heads.map(({ model }, at): [string, GraphModel] => [`heads/${at}.onnx`, model]);
  return new Map([["backbone.onnx", backbone.proto], ...own]);
}

/** @returns a project's file, and ids of what was done to it */
export async function mutateProject(
  random: Random,
): Promise<{ bytes: Uint8Array; mutations: readonly string[] }> {
  const subject = await projectSubject();
  const mutations = mutate(subject, projectMutators, between(random, 1, 3), random);
  const archive = { bytes: archiveBytes(subject, chance(random, shareSealed)) };
  const wire = chance(random, shareOnWire) ? mutate(archive, byteMutators, 1, random) : [];
  return { bytes: archive.bytes, mutations: [...mutations, ...wire] };
}

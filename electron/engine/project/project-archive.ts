import { type Zippable, zipSync } from "fflate";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { encodeTable } from "../calibrate/table-file.ts";
import { encodeModel } from "../onnx/codec.ts";
import {
  type CalibratedModel,
  type ModelFile,
  memberFolder,
  type Project,
  type ProjectFile,
  projectFileName,
} from "./project.ts";
import { sealFile, sealOf } from "./project-entries.ts";
import { headEntry } from "./project-models.ts";
import { runEntries } from "./training-runs.ts";

export const splitNames = ["calibration", "test"] as const;

/** A project as the bytes of its `.offramp` file, a zip archive. */
export function encodeProject(project: Project): Uint8Array {
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const { members } = project;
  const file: ProjectFile = {
    format: "offramp-project",
    version: 2,
    ...modelFile(project),
    preprocess: project.preprocess,
    data: project.data,
    policies: storedPolicies(project),
    members:
      members.length > 0
        ? members.map((member) => ({
            ...modelFile(member),
            preprocess: member.preprocess,
            tunedFrom: member.tunedFrom,
          }))
        : undefined,
    profiles: project.profiles.length,
    plans: [...project.plans],
    design: project.design,
    references: [...project.references],
    searches: [...project.searches],
    robustness: project.robustness,
  };
  const entries: Record<string, Uint8Array> = {
    [projectFileName]: text(file),
    ...modelEntries(project, ""),
  };
  for (const [index, member] of members.entries())
    Object.assign(entries, modelEntries(member, memberFolder(index)));
  for (const [index, profile] of project.profiles.entries())
    entries[`profiles/${index}.json`] = text(profile);
  if (project.front) entries["front.json"] = text(project.front);
  Object.assign(entries, runEntries(project.runs));
  return zipSync(packed({ ...entries, [sealFile]: text(sealOf(entries)) }), { mtime: noTime });
}

/** Of entries, for the same project to be the same bytes whenever it is written: the earliest that an archive can hold. */
const noTime = new Date(1980, 0, 1);

/** What is said of a network in JSON. */
function modelFile({ backbone, heads, temperatures, classOffsets, outputs }: CalibratedModel): ModelFile {
  const { sha256: _sha256, graphSha256: _graphSha256, ...summary } = backbone.summary;
  return {
    backbone: summary,
    heads: heads.map(({ cutPoint, kind, macs, bytes }, index) => ({
      cutPoint,
      kind,
      macs,
      bytes,
      temperature: temperatures[index],
    })),
    backboneTemperature: temperatures[heads.length],
    classOffsets: Object.fromEntries(
      [...classOffsets].map(([policy, offsets]) => [policy, offsets.map((own) => [...own])]),
    ),
    outputs: [...outputs],
  };
}

/** Its larger parts. @param folder that they are in, see `memberFolder` */
function modelEntries(network: CalibratedModel, folder: string): Record<string, Uint8Array> {
  const entries: Record<string, Uint8Array> = {
    [`${folder}backbone.onnx`]: encodeModel(network.backbone.proto),
  };
  for (const [index, head] of network.heads.entries())
    entries[headEntry(folder, index)] = encodeModel(head.model);
  for (const split of splitNames)
    for (const policy of storedPolicies(network))
      entries[tableEntry(folder, split, policy)] = packTable(network.tables[split].get(policy)!);
  return entries;
}

/** The name of a table's entry. */
export function tableEntry(folder: string, split: (typeof splitNames)[number], policy: string): string {
  return `${folder}tables/${split}-${policy}.npz`;
}

/** Those whose tables are kept: tables of thresholds per class follow from those of their base policy. */
export function storedPolicies({ tables, classOffsets }: CalibratedModel): string[] {
  return [...tables.calibration.keys()].filter((policy) => !classOffsets.has(policy));
}

/** Text is packed. Weights hardly get smaller, and tables are packed already; packing them only takes time. */
function packed(entries: Readonly<Record<string, Uint8Array>>): Zippable {
  return Object.fromEntries(
    Object.entries(entries).map(([name, bytes]) => [
      name,
      [bytes, { level: name.endsWith(".json") ? 6 : 0 }],
    ]),
  );
}

/** Tables never change, and packing them is what takes longest: an open project is saved again and again. */
const packedTables = new WeakMap<ConfidenceTable, Uint8Array>();

function packTable(table: ConfidenceTable): Uint8Array {
  const known = packedTables.get(table);
  if (known) return known;
  const bytes = encodeTable(table);
  keepPackedTable(table, bytes);
  return bytes;
}

/** Remembers how a table is packed, for the next time that it is saved. */
export function keepPackedTable(table: ConfidenceTable, bytes: Uint8Array): void {
  packedTables.set(table, bytes);
}

/** Writes a project, whole or not at all. */
export async function saveProject(project: Project, path: string): Promise<void> {
  await writeFileAtomically(path, encodeProject(project));
}

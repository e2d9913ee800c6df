import { type Zippable, zipSync } from "fflate";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { encodeTable } from "../calibrate/table-file.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type Project, type ProjectFile, projectFileName } from "./project.ts";
import { sealFile, sealOf } from "./project-entries.ts";

export const splitNames = ["calibration", "test"] as const;

/** A project as the bytes of its `.offramp` file, a zip archive. */
export function encodeProject(project: Project): Uint8Array {
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const { sha256: _sha256, graphSha256: _graphSha256, ...backbone } = project.backbone.summary;
  const file: ProjectFile = {
    format: "offramp-project",
    version: 2,
    backbone,
    preprocess: project.preprocess,
    data: project.data,
    heads: project.heads.map(({ cutPoint, kind, macs, bytes }, index) => ({
      cutPoint,
      kind,
      macs,
      bytes,
      temperature: project.temperatures[index],
    })),
    backboneTemperature: project.temperatures[project.heads.length],
    classOffsets: Object.fromEntries(
      [...project.classOffsets].map(([policy, heads]) => [policy, heads.map((own) => [...own])]),
    ),
    outputs: [...project.outputs],
    policies: storedPolicies(project),
    profiles: project.profiles.length,
    plans: [...project.plans],
    design: project.design,
    references: [...project.references],
  };
  const entries: Record<string, Uint8Array> = {
    [projectFileName]: text(file),
    "backbone.onnx": encodeModel(project.backbone.proto),
  };
  for (const [index, head] of project.heads.entries())
    entries[`heads/${index}.onnx`] = encodeModel(head.model);
  for (const [index, profile] of project.profiles.entries())
    entries[`profiles/${index}.json`] = text(profile);
  if (project.front) entries["front.json"] = text(project.front);
  for (const split of splitNames)
    for (const policy of storedPolicies(project))
      entries[`tables/${split}-${policy}.npz`] = packTable(project.tables[split].get(policy)!);
  return zipSync(packed({ ...entries, [sealFile]: text(sealOf(entries)) }));
}

/** Those whose tables are kept: tables of thresholds per class follow from those of their base policy. */
export function storedPolicies({ tables, classOffsets }: Project): string[] {
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

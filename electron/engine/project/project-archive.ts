import { readFile } from "node:fs/promises";
import { unzipSync, type Zippable, zipSync } from "fflate";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { unreadReason } from "../../../shared/files/unread-file.ts";
import { type BackboneSummary, isNameOf } from "../../../shared/model/backbone.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import { hashBytes } from "../base/hash.ts";
import { decodeTable, encodeTable } from "../calibrate/table-file.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { checkModel } from "../onnx/import/reading/check-model.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { exitPolicyById } from "../policies/index.ts";
import { withOffsets } from "./add-policies.ts";
import { type Project, type ProjectFile, projectFileName } from "./project.ts";
import { parseStored } from "./stored-project.ts";

/** A project that claims to hold more than this is refused: its models could not be loaded either. */
const maxBytes = 4e9;

const splitNames = ["calibration", "test"] as const;

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
      entries[`tables/${split}-${policy}.npz`] = packedTable(project.tables[split].get(policy)!);
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

function packedTable(table: ConfidenceTable): Uint8Array {
  const known = packedTables.get(table);
  if (known) return known;
  const bytes = encodeTable(table);
  packedTables.set(table, bytes);
  return bytes;
}

/** Holds the SHA-256 (hex) of every other entry: unpacking alone doesn't notice a damaged weight. */
const sealFile = "seal.json";

function sealOf(entries: Entries): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, hashBytes(bytes)]));
}

function checkSeal({ [sealFile]: seal, ...entries }: Entries): void {
  const expected = z.record(z.string(), z.string()).parse(JSON.parse(new TextDecoder().decode(seal)));
  const found = sealOf(entries);
  for (const name of new Set([...Object.keys(expected), ...Object.keys(found)]))
    if (found[name] !== expected[name]) throw new Error(`${name} is not what was saved`);
}

/**
 * Opens a `.offramp` file.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid' if it is no project or damaged
 */
export async function openProject(path: string): Promise<Project> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === "ENOENT" ? "file-not-found" : "file-unreadable";
    throw new AppError(
      code,
      `${path}: ${cause.code === "ENOENT" ? "no such file" : "can't be read"}; give a .offramp project`,
    );
  });
  let description: unknown;
  try {
    const entries = unpack(bytes, path);
    checkSeal(entries);
    description = jsonOf(entries, projectFileName);
    return await decodeProject(entries, path);
  } catch (cause) {
    // A broken model or table inside is reported as this file's fault.
    if (cause instanceof AppError) throw new AppError("file-invalid", cause.message, {}, { cause });
    const reason = `${path} ${unreadReason("project", 2, description)}`;
    throw new AppError("file-invalid", reason, { missing: "project" }, { cause });
  }
}

type Entries = Readonly<Record<string, Uint8Array>>;

function unpack(bytes: Uint8Array, path: string): Entries {
  let total = 0;
  return unzipSync(bytes, {
    filter: ({ originalSize }) => {
      total += originalSize;
      if (total > maxBytes)
        throw new AppError(
          "file-invalid",
          `${path} unpacks to more than ${maxBytes / 1e9} GB; it is no Offramp project`,
        );
      return true;
    },
  });
}

/** @returns undefined if there is no such entry */
function jsonOf(entries: Entries, name: string): unknown {
  if (!Object.hasOwn(entries, name)) return undefined;
  return JSON.parse(new TextDecoder().decode(entries[name]));
}

async function decodeProject(entries: Entries, path: string): Promise<Project> {
  const entry = (name: string) => {
    if (!Object.hasOwn(entries, name)) throw new Error(`${name} is missing`);
    return entries[name];
  };
  const model = (name: string) => {
    const where = `${path}: ${name}`;
    const proto = decodeModel(entry(name), where);
    checkModel(proto, where);
    return proto;
  };
  const proto = model("backbone.onnx");
  const { file, summary, profiles, front } = parseStored(
    (name) => jsonOf(entries, name),
    modelIdentity(proto, entry("backbone.onnx")),
  );
  const foreign = foreignEntry(summary, profiles, front);
  if (foreign)
    throw new AppError("file-invalid", `${path}: ${foreign} was made for another model than backbone.onnx`);
  const tables = (split: (typeof splitNames)[number]) =>
    Promise.all(
      file.policies.map(async (policy) => {
        const name = `tables/${split}-${policy}.npz`;
        const table = await decodeTable(entry(name), `${path}: ${name}`);
        packedTables.set(table, entry(name));
        return [policy, table] as const;
      }),
    );
  const project: Project = {
    backbone: { summary, proto },
    preprocess: file.preprocess,
    data: file.data,
    heads: file.heads.map(({ cutPoint, kind, macs, bytes: size }, index) => ({
      cutPoint,
      kind,
      macs,
      bytes: size,
      model: model(`heads/${index}.onnx`),
    })),
    temperatures: [...file.heads.map(({ temperature }) => temperature), file.backboneTemperature],
    tables: { calibration: new Map(await tables("calibration")), test: new Map(await tables("test")) },
    classOffsets: new Map(),
    outputs: file.outputs,
    profiles,
    front,
    plans: file.plans,
    design: file.design,
    references: file.references,
  };
  return Object.entries(file.classOffsets).reduce(seenPerClass, project);
}

/** What an archive holds of another model; its latencies and plans would be shown as this one's. */
function foreignEntry(
  summary: BackboneSummary,
  profiles: readonly Profile[],
  front: FrontFile | undefined,
): string | undefined {
  const index = profiles.findIndex(({ graphSha256 }) => graphSha256 !== summary.graphSha256);
  if (index >= 0) return `profiles/${index}.json`;
  return front && !isNameOf(summary, front.backboneSha256) ? "front.json" : undefined;
}

/** With the tables of a policy of thresholds per class, made from those of its base policy. */
function seenPerClass(project: Project, [id, offsets]: [string, readonly number[][]]): Project {
  const { base } = exitPolicyById(id);
  const { classes } = project.backbone.summary.output;
  if (!base || offsets.length !== project.heads.length || offsets.some((own) => own.length !== classes))
    throw new Error(`the offsets of ${id} are not one per head and class`);
  return withOffsets(
    project,
    id,
    base.id,
    offsets.map((own) => Float32Array.from(own)),
  );
}

/** Writes a project, whole or not at all. */
export async function saveProject(project: Project, path: string): Promise<void> {
  await writeFileAtomically(path, encodeProject(project));
}

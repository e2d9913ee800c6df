import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { jsonExcess } from "../base/bounded-json.ts";
import { hashBytes } from "../base/hash.ts";
import { readZipDirectory, unpackEntry, type ZipEntry } from "../base/zip-archive.ts";
import { projectFault } from "./project-fault.ts";
import { isRunEntry, unpackedRuns } from "./training-runs.ts";

/** What an archive holds, by name. */
export type Entries = Readonly<Record<string, Uint8Array>>;

/** The archive's file is larger than its models could be. */
const maxBytes = 4e9;

/** What packed entries may take: weights hardly get smaller, so only a bomb takes more. */
const packedBudget = (archiveBytes: number) => 200e6 + 2 * archiveBytes;

/** Networks of ten thousand operators keep well within. */
const jsonLimits = { bytes: 16e6, values: 1e6, depth: 64 };
const allJsonBytes = 32e6;

/** Holds the SHA-256 (hex) of every other entry: unpacking alone doesn't notice a damaged weight. */
export const sealFile = "seal.json";

const knownNames =
  /^(?:project\.json|front\.json|seal\.json|profiles\/\d{1,4}\.json|runs\/[1-9]\d{0,5}\.json|(?:members\/\d\/)?(?:backbone\.onnx|heads\/\d{1,4}\.onnx|tables\/(?:calibration|test)-[\w-]{1,60}\.npz))$/;

export function sealOf(entries: Entries): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, hashBytes(bytes)]));
}

/**
 * @returns the runs that aren't as they were sealed, which cost no more than themselves
 * @throws Error naming what else isn't
 */
export function checkSeal({ [sealFile]: seal, ...entries }: Entries): ReadonlySet<string> {
  const expected = z.record(z.string(), z.string()).parse(parseJson(seal));
  const found = sealOf(entries);
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  const damaged = names.filter((name) => found[name] !== expected[name]);
  const fault = damaged.find((name) => !isRunEntry(name));
  if (fault !== undefined) throw new Error(`${fault} is not what was saved`);
  return new Set(damaged);
}

/**
 * JSON of an entry.
 * @returns undefined if there is no such entry
 * @throws AppError 'file-invalid' if it is none, or takes more than a project's may
 */
export function jsonOf(entries: Entries, name: string): unknown {
  if (!Object.hasOwn(entries, name)) return undefined;
  const excess = jsonExcess(entries[name], jsonLimits);
  if (excess) throw projectFault(`${name} holds ${excess}`);
  try {
    return parseJson(entries[name]);
  } catch {
    throw projectFault(`${name} is no JSON`);
  }
}

function parseJson(text: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(text));
}

/**
 * Reads an archive whole; nothing is unpacked before all of it keeps to what a project may take.
 * @throws AppError 'file-not-found', 'file-unreadable', 'file-invalid' over a limit, 'cancelled'; Error if it is no archive
 */
export async function readEntries(path: string, job: Job): Promise<Entries> {
  const archive = await readArchive(path);
  const directory = readZipDirectory(archive);
  checkDirectory(directory, archive.length);
  const entries: Record<string, Uint8Array> = {};
  for (const entry of directory.filter(({ name }) => !isRunEntry(name))) {
    entries[entry.name] = await unpackEntry(entry);
    await job.pause();
  }
  return { ...entries, ...(await unpackedRuns(directory)) };
}

async function readArchive(path: string): Promise<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    // Opening a pipe would wait for somebody to write.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const info = await file.stat();
    if (!info.isFile()) throw unreadable(path);
    if (info.size > maxBytes) throw projectFault(`it takes ${(info.size / 1e9).toFixed(1)} GB`);
    await checkStart(file);
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof AppError || cause instanceof NoArchive) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "ENOENT")
      throw new AppError("file-not-found", `${path}: no such file; give a .offramp project`);
    throw unreadable(path);
  } finally {
    await file?.close();
  }
}

class NoArchive extends Error {}

/** Archives are read whole; a large file of another kind is not. */
async function checkStart(file: FileHandle): Promise<void> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  if (buffer.toString("latin1", 0, bytesRead) !== "PK\x03\x04") throw new NoArchive("no zip archive");
}

function unreadable(path: string): AppError {
  return new AppError("file-unreadable", `${path}: can't be read; give a .offramp project`);
}

function checkDirectory(directory: readonly ZipEntry[], archiveBytes: number): void {
  const total = (entries: readonly ZipEntry[]) => entries.reduce((sum, { bytes }) => sum + bytes, 0);
  checkBudget(total(directory), maxBytes);
  checkBudget(total(directory.filter(({ isPacked }) => isPacked)), packedBudget(archiveBytes));
  const json = total(directory.filter(({ name }) => name.endsWith(".json") && !isRunEntry(name)));
  if (json > allJsonBytes)
    throw projectFault(`it holds ${Math.ceil(json / 1e6)} MB of JSON, expected up to ${allJsonBytes / 1e6}`);
  const seen = new Set<string>();
  for (const { name, bytes, isPacked, stored } of directory) {
    if (!knownNames.test(name)) throw projectFault(`it holds '${name}', which is no part of a project`);
    if (seen.has(name)) throw projectFault(`it holds ${name} twice`);
    if (!isPacked && stored.length !== bytes && !isRunEntry(name))
      throw new Error(`${name} has another length than it claims`);
    seen.add(name);
  }
}

function checkBudget(bytes: number, budget: number): void {
  if (bytes <= budget) return;
  const gigabytes = (budget / 1e9).toFixed(budget % 1e9 === 0 ? 0 : 1);
  throw new AppError("file-invalid", `it unpacks to more than ${gigabytes} GB, so it is no Offramp project`);
}

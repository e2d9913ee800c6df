import { stat, writeFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { AppError } from "../../shared/base/errors.ts";
import type { RunRecord } from "../../shared/files/run-record.ts";
import { readRegularFile } from "../disk/regular-file.ts";
import type { Parsed } from "./schema-options.ts";

/**
 * What isn't of the run: how it is told, where it goes, and who helps. Servers have secrets, and a sensor may be a command, which no file
 * that comes from elsewhere may have run.
 */
const leftOut = new Set(
  "json quiet verbose cache out workers server fleetServer creds nkey tlsCa tlsCert tlsKey energySensor".split(
    " ",
  ),
);

/** Options whose values are paths: of text files, which are kept, and of others. */
const textOptions = ["preprocess", "classes", "classWeights", "profile", "memberPreprocess", "memberClasses"];
const pathOptions = ["data", "member", "reference"];

/** What a profile of a thousand cut points takes, and more than any list of classes. */
const longestText = 16e6;

/** What a run's summary keeps of how it was asked for. */
export async function recordRun(modelPath: string, parsed: Parsed): Promise<RunRecord> {
  const texts: Record<string, string> = {};
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parsed)) {
    if (leftOut.has(key) || value === undefined) continue;
    kept[key] = value;
    if (pathOptions.includes(key)) kept[key] = eachText(value, (path) => resolve(path));
    if (!textOptions.includes(key)) continue;
    const named: string[] = [];
    eachText(value, (path) => named.push(path));
    for (const path of named) if (await isFile(path)) texts[path] = await readText(path);
  }
  const { version } = packageJson;
  return { version, node: process.version, model: resolve(modelPath), options: kept, texts };
}

/**
 * The options of a recorded run with others in their place. Texts are written out, since their files may be gone or others by now.
 * @param folder for the texts
 * @throws AppError 'file-not-found' if a file of the run isn't there
 */
export async function restoreRun(
  { model, options, texts }: RunRecord,
  { model: movedModel, ...others }: Parsed,
  folder: string,
): Promise<{ readonly modelPath: string; readonly options: Parsed }> {
  const written = new Map<string, string>();
  for (const [index, [path, text]] of Object.entries(texts).entries()) {
    const copy = join(folder, `text-${index}${extname(path)}`);
    await writeFile(copy, text);
    written.set(path, copy);
  }
  const own = Object.entries(options).filter(([key]) => !leftOut.has(key));
  const restored: Record<string, unknown> = { ...Object.fromEntries(own), energySensor: "auto" };
  for (const key of textOptions)
    if (restored[key] !== undefined)
      restored[key] = eachText(restored[key], (path) => written.get(path) ?? path);
  for (const [key, value] of Object.entries(others)) if (value !== undefined) restored[key] = value;
  const modelPath = (movedModel as string | undefined) ?? model;
  await checkThere(modelPath, "the model", "--model");
  await checkThere(String(restored.data), "the data set", "--data");
  return { modelPath, options: restored };
}

async function checkThere(path: string, what: string, flag: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  throw new AppError(
    "file-not-found",
    `${path}: ${what} of the run isn't there; say with ${flag} where it is`,
    {
      path,
    },
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function readText(path: string): Promise<string> {
  return String(await readRegularFile(path, { maxBytes: longestText }));
}

/** An option that may be given several times is a list. */
function eachText<Result>(value: unknown, change: (text: string) => Result): Result | Result[] {
  return Array.isArray(value) ? value.map((each) => change(String(each))) : change(String(value));
}

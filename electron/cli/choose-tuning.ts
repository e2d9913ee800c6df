import { dirname, join, parse } from "node:path";
import { AppError } from "../../shared/base/errors.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import {
  type ExitChoice,
  exitsOfPlan,
  networkNames,
  type TrainedProject,
  type TuneRequest,
} from "../engine/index.ts";
import { choosePlan } from "./choose-plan.ts";
import { tuneOptions } from "./options.ts";
import type { Parsed } from "./schema-options.ts";

/** What `offramp tune` is told beside the recipe. */
export interface TuneFlags extends Parsed {
  readonly member?: string;
  readonly exits: string;
  readonly exitCount: number;
  readonly out?: string;
  readonly folder?: string;
  readonly python: string;
  readonly launcher?: string;
  readonly writeOnly?: boolean;
  readonly results?: string;
  readonly imageBudget: number;
  readonly trainSamples?: number;
}

/** @throws AppError 'usage' if flags don't go together */
export function checkFlags({ out, writeOnly, results, folder }: TuneFlags): void {
  const fault = (text: string) => new AppError("usage", text);
  if (writeOnly && results !== undefined)
    throw fault("--write-only writes a training's folder, --results takes one back; leave out one of them");
  if (out === undefined && !writeOnly) throw fault("nowhere to write the tuned project: give it with -o");
  if (out === undefined && folder === undefined)
    throw fault("nowhere to write the training: give its folder with --folder");
}

/** @throws AppError 'usage' if the project has no such network or place; what `choosePlan` throws of a plan */
export async function tuneRequest(
  project: TrainedProject,
  projectPath: string,
  flags: TuneFlags,
): Promise<TuneRequest> {
  const { out = "", folder, exitCount, trainSamples, imageBudget } = flags;
  const network = networkCalled(project, flags.member);
  return {
    network,
    exits: await exitChoices(project, network, projectPath, flags.exits),
    exitCount,
    options: tuneOptions(flags),
    folder: folder ?? join(dirname(out), `${parse(out).name}-training`),
    trainLimit: trainSamples,
    imageBudgetBytes: imageBudget * 1e9,
  };
}

/** @returns SHA-256 of the network; nothing for the backbone */
function networkCalled(project: TrainedProject, name: string | undefined): string | undefined {
  const networks = networkNames(project);
  const titles = networkTitles(networks);
  const found =
    name === undefined
      ? networks[0]
      : networks.find(({ sha256 }) => [titles.whole(sha256), titles.short(sha256), sha256].includes(name));
  if (found) return found === networks[0] ? undefined : found.sha256;
  const known = networks.map(({ sha256 }) => titles.whole(sha256)).join(", ");
  throw new AppError("usage", `--member ${name}: the project's networks are ${known}`);
}

/** @returns nothing for those that the front uses most */
async function exitChoices(
  project: TrainedProject,
  network: string | undefined,
  projectPath: string,
  text: string,
): Promise<readonly ExitChoice[] | undefined> {
  if (text === "auto") return undefined;
  const member = project.members.find(({ backbone }) => backbone.summary.sha256 === network);
  const { summary } = (member ?? project).backbone;
  if (text.endsWith(".json")) {
    const { exits } = await choosePlan(project, text, projectPath);
    return exitsOfPlan(exits, network, summary.name);
  }
  return text.split(",").map((item) => {
    const place = item.trim();
    const cut = summary.cutPoints.find(({ index, tensor }) => tensor === place || String(index) === place);
    if (cut) return { cutPoint: cut.tensor };
    throw new AppError(
      "usage",
      `--exits ${place}: expected auto, a plan.json, or cut points by number, 0 to ${summary.cutPoints.length - 1}, or name; ` +
        "`offramp inspect` lists them",
    );
  });
}

/** A launcher's arguments stand between blanks. */
export function trainCommand({ python, launcher }: TuneFlags): readonly string[] {
  return launcher === undefined ? [python] : launcher.trim().split(/\s+/);
}

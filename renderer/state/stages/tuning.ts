import { create } from "zustand";
import { formatPercent } from "../../../shared/base/format-number.ts";
import {
  type NetworkView,
  networkViews,
  outputQuality,
  type ProjectView,
} from "../../../shared/files/project-view.ts";
import type { Request, TuningProgress } from "../../../shared/ipc/channels.ts";
import { outputHead } from "../../../shared/model/plan.ts";
import { call } from "../call.ts";
import { useDesign } from "../design-store.ts";
import { messageOf } from "../error-message.ts";
import { failureOf, type RunningJob, runJob } from "../job-store.ts";
import { notify, notifyError } from "../notice-store.ts";
import { showChanged, useProject } from "../project-store.ts";
import { openHeads, openPanel, useView } from "../view-store.ts";
import { chosenPython, lookForPython, usePython } from "./python.ts";
import { isChanging } from "./run-stages.ts";
import { canSearch, startSearch } from "./start-search.ts";
import { plannedExits, tunedNetwork, tuneOptions, useTuningForm } from "./tuning-form.ts";

/** What is known of the tuning under way, and of the last one until another project is opened. */
interface TuningRun {
  readonly progress: TuningProgress | null;
  /** What the person should know of the result. */
  readonly warnings: readonly string[];
  /** How it ended; null while it runs, and before the first one. */
  readonly end: "done" | "stopped" | { readonly failed: string } | null;
}

const nothing = { progress: null, warnings: [], end: null } as const;

export const useTuning = create<TuningRun>()(() => nothing);

export function forgetTuning(): void {
  useTuning.setState(nothing);
}

export function takeTuningProgress({ tuning: progress, warnings }: RunningJob): void {
  if (progress) useTuning.setState({ progress });
  if (warnings.length > 0) useTuning.setState({ warnings });
}

/** Why no network can be tuned; undefined if one can. */
export function obstacleToTuning({ data, samples }: ProjectView): string | undefined {
  if (samples === 0) return "Needs heads: tuning starts from trained ones.";
  if (!data?.available) return "Needs the data set, which isn't on this machine.";
  return undefined;
}

export function canTune(): boolean {
  const { project } = useProject.getState();
  return project !== null && project.heads.length > 0;
}

/** The form as a request; undefined if there is nothing to tune. */
function requestOf(): Omit<Request<"project.writeTuning">, "folder"> | undefined {
  const { project } = useProject.getState();
  if (!project || obstacleToTuning(project) !== undefined) return undefined;
  const form = useTuningForm.getState();
  const network = tunedNetwork(form, project);
  const exits = form.exits === "plan" ? plannedExits(useDesign.getState(), project, network) : [];
  return { network, exits: exits.length > 0 ? exits : undefined, options: tuneOptions(form) };
}

/** Tunes as the form says, or goes on where it was stopped; the result joins the project. */
export async function startTuning(): Promise<void> {
  const request = requestOf();
  if (!request || isChanging()) return;
  await lookForPython();
  if (!usePython.getState().python) return;
  const { processes, folder } = useTuningForm.getState();
  await run("project.tune", { ...request, python: chosenPython(), processes, folder });
}

/** Takes back what was trained elsewhere, from a folder that is asked for. */
export async function takeResults(): Promise<void> {
  const folder = await chooseFolder();
  if (folder !== null && !isChanging()) await run("project.takeTuning", { folder });
}

async function run<Name extends "project.tune" | "project.takeTuning">(
  channel: Name,
  request: Request<Name>,
): Promise<void> {
  useTuning.setState(nothing);
  openHeads("tuning");
  let end: TuningRun["end"] = "stopped";
  const onFailure = (error: unknown) => {
    end = { failed: messageOf(error) };
    // The panel says it, if it is in sight.
    const { panel, headsTab } = useView.getState();
    if (panel !== "heads" || headsTab !== "tuning") failureOf("tune")(error);
  };
  const project = await runJob("tune", channel, request, { onFailure });
  if (!project) {
    useTuning.setState({ end });
    return;
  }
  await showChanged(project).catch(notifyError);
  useTuning.setState({ end: "done" });
  sayTuned(project);
}

function sayTuned(project: ProjectView): void {
  const tuned = project.members.findLast(({ tunedFrom }) => tunedFrom !== undefined);
  const origin = networkViews(project).find(({ backbone }) => backbone.sha256 === tuned?.tunedFrom);
  if (!tuned || !origin) return;
  const [after, before] = [tuned, origin].map(ownAccuracy);
  const search = canSearch() ? { label: "Search", run: searchAgain } : undefined;
  notify(
    `${tuned.backbone.name} is in the project: ${after} right, ${origin.backbone.name} ${before}. Search to find plans through it.`,
    "good",
    search,
  );
}

/** Of its own output, on the test split. */
function ownAccuracy(network: NetworkView): string {
  const own = outputQuality(network, { cutPoint: network.backbone.output.name, head: outputHead });
  return own ? formatPercent(own.accuracy) : "";
}

export function searchAgain(): void {
  openPanel("search");
  void startSearch().catch(notifyError);
}

/** Writes all that a training elsewhere needs, into a folder that is asked for. */
export async function writeTuning(): Promise<void> {
  const request = requestOf();
  if (!request) return;
  const folder = await chooseFolder();
  if (folder === null || isChanging()) return;
  const written = await runJob("tune", "project.writeTuning", { ...request, folder });
  if (!written) return;
  notify(`All that the training needs is in ${folder}; README.txt there says how to run it.`, "good", {
    label: "Show the folder",
    run: () => void call("shell.show", { path: folder }).catch(notifyError),
  });
}

/** Asks for a folder of a training. @returns null if none was chosen */
export async function chooseFolder(): Promise<string | null> {
  try {
    return (await call("dialog.open", { purpose: "tuneFolder" })).path;
  } catch (error) {
    notifyError(error);
    return null;
  }
}

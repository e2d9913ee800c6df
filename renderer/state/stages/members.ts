import { create } from "zustand";
import { AppError } from "../../../shared/base/errors.ts";
import { formatFactor, formatPercent } from "../../../shared/base/format-number.ts";
import { type NetworkView, networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import { isTuned } from "../../../shared/model/families.ts";
import { maxNetworks, networksOf } from "../../../shared/model/plan.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { call } from "../call.ts";
import { replaceProfile, useDesign } from "../design-store.ts";
import { failureOf, runJob } from "../job-store.ts";
import { asksForOutput } from "../model-questions.ts";
import { notify, notifyError } from "../notice-store.ts";
import { showChanged, useProject } from "../project-store.ts";
import { targetProfile } from "../target-profile.ts";
import { openPanel } from "../view-store.ts";
import { networkFigures } from "./network-figures.ts";
import { profileChange } from "./profile-change.ts";
import { isChanging } from "./run-stages.ts";

/** Why no further network can be added; undefined if one can. */
export function obstacleToAdding({ members, data, samples }: ProjectView): string | undefined {
  const tuned = members.filter(isTuned).length;
  if (members.length - tuned + 1 >= maxNetworks)
    return `A plan goes through at most ${maxNetworks} networks; remove one first.`;
  if (samples > 0 && !data?.available) return "Needs the data set, which isn't on this machine.";
  return undefined;
}

export function canAddNetwork(): boolean {
  const { project } = useProject.getState();
  return project !== null && obstacleToAdding(project) === undefined && !isChanging();
}

/** Asks for a network's file and adds it. @param expected SHA-256 of the network that it has to be */
export async function addNetwork(expected?: string): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "member" });
    if (path) await addNetworkFrom(path, { expected });
  } catch (error) {
    notifyError(error);
  }
}

/** How the images of the next network are made; null: as the backbone's, at its own size. */
export const useNextImages = create<{ readonly preprocess: Preprocess | null }>()(() => ({
  preprocess: null,
}));

export function setNextImages(preprocess: Preprocess | null): void {
  useNextImages.setState({ preprocess });
}

function chosenImages(): Preprocess | undefined {
  return useNextImages.getState().preprocess ?? undefined;
}

interface Adding {
  /** Tensor with its class scores, if it had to be asked for. */
  readonly output?: string;
  /** SHA-256 of the network that it has to be. */
  readonly expected?: string;
  /** How its images are made; as was chosen for the next network if absent. */
  readonly preprocess?: Preprocess;
  onFailure?(error: unknown): void;
}

/** Where networks of this session came from, by SHA-256 of what became of them: to add one again that was removed. */
const filesOf = new Map<string, string>();

/** Adds a network; of a trained project its heads are trained and timed too, with progress in the Model panel. */
export async function addNetworkFrom(
  path: string,
  { output, expected, preprocess = chosenImages(), onFailure = failureOf("member") }: Adding = {},
): Promise<void> {
  const before = useProject.getState().project;
  if (!before) return;
  const obstacle = obstacleToAdding(before);
  if (obstacle !== undefined) {
    const isOver = () => canAddNetwork();
    notify(obstacle, "bad", undefined, { isOver });
    return;
  }
  openPanel("model");
  const ask = (error: unknown) => {
    const again = (name: string) => void addNetworkFrom(path, { output: name, expected, preprocess });
    if (!asksForOutput(error, path, again)) onFailure(error);
  };
  const target = targetProfile()?.id;
  const project = await runJob(
    "member",
    "project.addMember",
    { path, output, preprocess, target, expected },
    { onFailure: ask },
  );
  if (!project) return;
  setNextImages(null);
  await showChanged(project).catch(notifyError);
  const { made, replaced } = profileChange(before.profiles, project.profiles);
  if (made && replaced) replaceProfile(replaced, made);
  const { sha256 } = project.members[project.members.length - 1].backbone;
  filesOf.set(sha256, path);
  sayAdded(project, sha256);
}

function sayAdded(project: ProjectView, sha256: string): void {
  const { backbone } = networkOf(project, sha256)!;
  if (project.samples === 0) {
    notify(`${backbone.name} is in the project, and is trained with the backbone.`, "good");
    return;
  }
  const { accuracy, latencyShare } = networkFigures(useProject.getState(), targetProfile(), sha256);
  const right = accuracy === undefined ? "" : `: ${formatPercent(accuracy)} right`;
  if (latencyShare === undefined)
    notify(`${backbone.name} is in the project${right}. Profile again to time it; then search.`, "good");
  else {
    const speed = formatFactor(1 / latencyShare);
    notify(
      `${backbone.name} is in the project${right}, ${speed} as fast as the backbone. Search to find plans through it.`,
      "good",
    );
  }
}

/** Makes a reference model a network that plans may go through; its file is asked for where it isn't known any more. */
export async function addReferenceAsNetwork({ path, sha256 }: ReferenceModel): Promise<void> {
  if (path === undefined) {
    await addNetwork(sha256);
    return;
  }
  const onFailure = (error: unknown) => {
    if (error instanceof AppError && error.code === "file-not-found") void addNetwork(sha256);
    else failureOf("member")(error);
  };
  await addNetworkFrom(path, { expected: sha256, onFailure });
}

/** The networks that were tuned from another one. */
function tunedFrom({ members }: ProjectView, sha256: string): readonly NetworkView[] {
  return members.filter((member) => member.tunedFrom === sha256);
}

/** What goes with a network, in words; undefined if nothing does. */
export function lossWith(project: ProjectView, sha256: string): string | undefined {
  const { chain, pinned } = useDesign.getState();
  const gone = [sha256, ...tunedFrom(project, sha256).map(({ backbone }) => backbone.sha256)];
  const isThrough = (plan: { readonly chain?: readonly string[] }) =>
    networksOf(plan, project.backbone.sha256).some((own) => gone.includes(own));
  const pins = pinned.filter(isThrough).length;
  const lost = [
    ...tunedFrom(project, sha256).map(({ backbone }) => backbone.name),
    ...(isThrough({ chain }) ? ["the live plan"] : []),
    ...(pins > 0 ? [pins === 1 ? "a pinned plan" : `${pins} pinned plans`] : []),
    ...(project.front?.searches.some(({ front }) => front.some(isThrough))
      ? ["the front of the last search"]
      : []),
  ];
  return lost.length === 0 ? undefined : lost.join(", ");
}

/** Removes a network with the plans through it; it can be added again at once. */
export async function removeNetwork(sha256: string): Promise<void> {
  const { project: before } = useProject.getState();
  const removed = before && networkOf(before, sha256);
  if (!before || !removed) return;
  const lost = lossWith(before, sha256);
  try {
    await showChanged(await call("project.removeMember", { sha256 }));
  } catch (error) {
    notifyError(error);
    return;
  }
  const path = filesOf.get(sha256);
  const words = lost === undefined ? "" : `, and with it ${lost}`;
  const preprocess = removed.preprocess ?? undefined;
  const again =
    path === undefined
      ? undefined
      : { label: "Add it again", run: () => void addNetworkFrom(path, { preprocess }) };
  const isOver = () => {
    const { project } = useProject.getState();
    return project !== null && networkOf(project, sha256) !== undefined;
  };
  notify(`${removed.backbone.name} is removed${words}.`, "info", again, { isOver });
}

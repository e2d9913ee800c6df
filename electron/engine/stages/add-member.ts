import { AppError } from "../../../shared/base/errors.ts";
import { samePlainData } from "../../../shared/base/plain-data.ts";
import { withRun } from "../../../shared/files/training-run.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";
import { profileOptionsSchema, trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import { isThisMachine } from "../../../shared/model/this-machine.ts";
import { type HeadWish, headChoices, headsFor, headWish } from "../heads/head-choices.ts";
import type { HeadChoice } from "../heads/head-kind.ts";
import { headKinds } from "../heads/index.ts";
import { exitPolicies } from "../policies/index.ts";
import { untimedHead } from "../profile/check-profile.ts";
import { describeMachine } from "../profile/target.ts";
import type { Member, TrainedProject } from "../project/project.ts";
import { withProfileFor } from "../project/replace-profile.ts";
import { endedRun } from "./ended-run.ts";
import { type LoadedData, withSplits } from "./load-data.ts";
import { checkSameSamples, type MemberModel } from "./member-stage.ts";
import { exampleSize, profileMore } from "./profile-networks.ts";
import type { StageRunner } from "./stage-context.ts";
import {
  calibrateNetwork,
  checkNetwork,
  memberOnData,
  type NetworkOnData,
  type NetworkTraining,
  trainNetwork,
} from "./train-network.ts";
import { featureRowLimit } from "./train-stage.ts";

/** How a network is added to a trained project. */
export interface Adding extends Pick<NetworkTraining, "force" | "onChecked" | "onCurve"> {
  /** A profile that is to know the network: it is timed if this machine is the target. */
  readonly profile?: Profile;
  /** How long profiling all networks of the project may take, of which this one takes its share. */
  readonly profileSeconds?: number;
}

/** What became of it. */
export interface AddedMember {
  /** With the network as its last member, and the profile that knows it if it holds the one that was given. */
  readonly project: TrainedProject;
  /** The one that was given, with the network's latencies if it has them or this machine is its target. */
  readonly profile?: Profile;
}

/**
 * A trained project with one more network that plans may go through: with heads of the project's kinds, trained and calibrated on
 * the same samples as the backbone's.
 * @param model as `importMembers` read it
 * @param data the project's, as it was divided for its training; the caller closes it
 * @throws AppError 'data-mismatch' if the data set has changed since, or the network's images or classes can't be made of it;
 *   'backbone-at-chance' if the network is no better than chance and it isn't forced; 'cancelled'
 */
export async function addMember(
  project: TrainedProject,
  model: MemberModel,
  data: LoadedData,
  adding: Adding,
  stages: StageRunner,
): Promise<AddedMember> {
  checkUnchanged(project, data);
  const how = trainingOf(project);
  const { splitOptions } = project.data;
  const wanted = Number(splitOptions.trainLimit ?? Number.POSITIVE_INFINITY);
  const learns = headsFor(model.backbone, how).length > 0;
  const trainLimit = Math.min(wanted, featureRowLimit([model.backbone], how.heads, how.training));
  const splits = learns ? { ...splitOptions, trainLimit } : splitOptions;
  const own = await memberOnData(model, withSplits(data, splits), stages);
  await checkNetwork(own, adding, stages);
  const policies = [...project.tables.calibration.keys()];
  const startedAt = new Date().toISOString();
  const before = stages.seconds.train ?? 0;
  const { onCurve } = adding;
  const heads = await trainNetwork(own, { ...wishOn(own, how), cutShare: 1, onCurve }, stages);
  const seconds = (stages.seconds.train ?? 0) - before;
  const { model: calibrated } = await calibrateNetwork(own, heads, policies, stages);
  checkSameSamples(calibrated, project);
  const member = { ...calibrated, preprocess: own.preprocess };
  const profile = adding.profile && (await timed(project, member, adding.profile, adding, data, stages));
  const learnt = { model: calibrated, curves: heads.curves };
  const run = endedRun([learnt], { ...how, splits }, { startedAt, seconds });
  const runs = withRun(project.runs, run);
  const grown = { ...project, members: [...project.members, member], runs };
  if (!adding.profile || !profile) return { project: grown };
  return { project: withProfileFor(grown, adding.profile, profile), profile };
}

/** Before anything long starts: what is cheap to see of a data set that isn't the project's any more. */
export function checkUnchanged({ tables }: TrainedProject, { splits, source }: LoadedData): void {
  for (const split of ["calibration", "test"] as const) {
    const [table] = tables[split].values();
    const { labels } = splits[split];
    // Images that can't be read have no samples.
    const isOther =
      labels.length === table.samples && table.labels?.some((label, at) => label !== labels[at]);
    if (labels.length >= table.samples && !isOther) continue;
    throw new AppError(
      "data-mismatch",
      isOther
        ? `${source.path} gives other ${split} images than the project was made with; give the data set that it was trained on`
        : `${source.path} has changed: it gives ${labels.length} ${split} images, the project was made with ${table.samples}; train again`,
    );
  }
}

type Training = Pick<NetworkTraining, keyof HeadWish | "training">;

/** Where all networks brought their exits, the data may have been divided without images to learn from: the output is its only exit then. */
function wishOn({ data }: NetworkOnData, how: Training): Training {
  return data.images.train.count > 0 ? how : { ...how, heads: [] };
}

/** What the project's heads were trained with; the kinds that it has, by default options, where it doesn't say. */
function trainingOf({ data, heads }: TrainedProject): Training {
  const { training } = data;
  if (training)
    return { ...headWish(training), heads: headChoices(training.heads), training: training.options };
  const known = headKinds.filter(({ id }) => heads.some(({ kind }) => kind === id));
  const kinds = known.length > 0 ? known : headKinds.slice(0, 1);
  const choices: HeadChoice[] = kinds.map((kind) => ({ kind, options: kind.options.parse({}) }));
  return { heads: choices, training: trainOptionsSchema.parse({ seed: data.splitOptions.seed }) };
}

async function timed(
  project: TrainedProject,
  member: Member,
  profile: Profile,
  { profileSeconds: seconds = profileOptionsSchema.shape.seconds.parse(undefined) }: Adding,
  data: LoadedData,
  stages: StageRunner,
): Promise<Profile> {
  const { summary } = member.backbone;
  const known = memberProfile(profile, summary);
  const policies = exitPolicies.map(({ id }) => id);
  // The backbone's latencies, where it has the same graph, say nothing of images that are made in another way.
  const hasEntry = known !== profile || samePlainData(member.preprocess, project.preprocess);
  const isWhole = known && hasEntry && !untimedHead(member.heads, policies, known);
  if (isWhole || !isThisMachine(profile.target, describeMachine())) return profile;
  const imageSize = await exampleSize(data);
  return stages.run(
    "profile",
    (context) => profileMore(context, project, member, profile, { seconds, imageSize }),
    summary.name,
  );
}

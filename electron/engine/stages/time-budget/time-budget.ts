import { type Job, partOfJob } from "../../../../shared/base/job.ts";
import type { CutPoint } from "../../../../shared/model/backbone.ts";
import type { BackboneCheck } from "../../../../shared/model/backbone-check.ts";
import type {
  SplitOptions,
  TargetOptions,
  TrainOptions,
  VerifyOptions,
} from "../../../../shared/model/stage-options.ts";
import type { Economy, TimeBudgetReport } from "../../../../shared/model/time-budget.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import { valuesPerImage } from "../../dataset/splits/input-pixels.ts";
import { type HeadWish, headsFor } from "../../heads/head-choices.ts";
import { headShape } from "../../heads/head-shape.ts";
import { macsOf, parameterCount } from "../../nn/layers.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { runsPerSample, turnFor } from "../../verify/turn.ts";
import { type LoadedData, withSplits } from "../load-data.ts";
import { type BackbonePace, measurePace } from "./measure-pace.ts";
import { type Amounts, type Bounds, expectedOf, type Pace, type Share, shareTime } from "./share-time.ts";
import { spreadCuts } from "./spread-cuts.ts";

/** What a run was asked for. */
export interface Wanted extends HeadWish {
  readonly splits: SplitOptions;
  readonly training: TrainOptions;
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  /** Whether a profile was given and none has to be made. */
  readonly isProfiled: boolean;
  readonly verifySeconds: VerifyOptions["seconds"];
  /** MACs of the static networks beside it, those that are still to be made among them. */
  readonly rivalMacs: number;
  /** Test images that are to be corrupted and in how many ways, the images as they are included; absent if none are. */
  readonly corrupted?: { readonly samples: number; readonly shifts: number };
}

/** What the heads of all networks are trained with. */
export interface TrainingMeans extends HeadWish {
  /** Of the backbone. */
  readonly data: LoadedData;
  readonly splits: SplitOptions;
  /** How many of the backbone's cut points get heads, as a share (0-1); of other networks as many of theirs. */
  readonly cutShare: number;
  readonly training: TrainOptions;
}

/** The cut points of a network that get heads: a share of them, one at least. */
export function cutsOf({ summary: { cutPoints } }: Backbone, share: number): CutPoint[] {
  return spreadCuts(cutPoints, Math.max(1, Math.round(share * cutPoints.length)));
}

/** A network on its own images. */
interface TimedNetwork {
  readonly backbone: Backbone;
  readonly data: Pick<LoadedData, "images">;
}

/** A network and how fast it is here. */
interface NetworkPace extends BackbonePace {
  readonly backbone: Backbone;
}

/** Kept back for what takes longer than expected, as a share of the budget. */
const reserveShare = 0.12;

/** What the check of the backbone may take of the budget, and the images that it usually takes. */
const checkShare = 0.05;
const usuallyChecked = 500;

/** What a search may take, of the time left; it usually takes seconds. Four algorithms search one after the other. */
const searchShare = 0.02;

/** Bytes of weights that are written a second, in three forms and packed. */
const exportBytesPerSecond = 12e6;

/** What remains after verification: the report, and putting files in their places. */
const closingSeconds = 3;

/** What a result needs at least, whatever the time; fewer corrupted images than these are none. */
const fewest = {
  train: 200,
  calibration: 200,
  test: 50,
  cutPoints: 1,
  kinds: 1,
  epochs: 3,
  rounds: 4,
  corrupted: 50,
};
/** From so many rounds on a profile goes on for as long as it may; below, it takes up to four times as long. */
const fullRounds = 10;
const slowTimes = 4;

/**
 * What a profile takes in runs of the backbone, as `measureRounds` visits them: a round by itself; for each head in a round, its
 * sessions opened and warmed up, where they are so large that each head is measured alone; and the operators at the end.
 */
const runsPerRound = 10;
const runsPerHead = 17.5;
const sessionsPerHead = 5;
const warmUpPerHead = 11;
const runsOfNodes = 20;

/** A further network takes turns with the backbone as well, and so do the operators that make its image: a third of its time each. */
const memberTimes = 5 / 3;

/** Seconds that a parameter of a head, and a multiplication, take in an epoch, per image, on one thread. */
const secondsPerParameter = 3.5e-10;
const secondsPerMac = 1.5e-10;
const secondsPerHead = 0.7;

/** Seconds that corrupting takes per image, and per value of it, on average over all corruptions. */
const secondsPerCorruptedImage = 1e-3;
const secondsPerCorruptedValue = 5e-8;

/** What a sample takes in the plan, in runs of the backbone; it may go through all other networks besides. */
const planShare = 0.8;

/**
 * Shares a run's time among its stages: what heads are trained with is settled when data and pace are known, and the rest
 * again after each stage by the time that is really left.
 */
export class TimeBudget {
  readonly #started: number;
  readonly #settled = new Map<Economy, { readonly took: number; readonly wanted: number }>();
  #pace: Pace | undefined;
  #networkPaces: readonly NetworkPace[] = [];
  #bounds: Bounds | undefined;
  #share: Share | undefined;

  /**
   * @param networks the backbone first
   * @param started when the run began, by `performance.now()`
   */
  constructor(
    readonly seconds: number,
    private readonly networks: readonly Backbone[],
    private readonly wanted: Wanted,
    started: number,
  ) {
    this.#started = started;
  }

  get left(): number {
    return this.seconds - (performance.now() - this.#started) / 1000;
  }

  /** For the check of each network. */
  get checkSeconds(): number {
    return (checkShare * this.seconds) / this.networks.length;
  }

  /**
   * Times networks and their images, and settles what heads are trained with.
   * @param data of the backbone
   * @param members further networks on their own images, in the order that the budget knows
   * @param checks of all networks
   * @throws AppError 'cancelled'
   */
  async settleTraining(
    data: LoadedData,
    members: readonly TimedNetwork[],
    splits: SplitOptions,
    checks: readonly Pick<BackboneCheck, "images">[],
    job: Job,
  ): Promise<TrainingMeans> {
    const { wanted, networks } = this;
    const [backbone] = networks;
    const paces: NetworkPace[] = [];
    for (const [index, network] of [{ backbone, data }, ...members].entries()) {
      const part = partOfJob(job, index / networks.length, (index + 1) / networks.length);
      const own = await measurePace(network.backbone, checkedSplit(network.data), wanted.target, part);
      paces.push({ ...own, backbone: network.backbone });
    }
    this.#networkPaces = paces;
    const pace = this.#paceOf(paces);
    this.#pace = pace;
    const most = this.#mostOf(data, pace);
    const bounds = { least: atMost(this.#leastOf(data), most), most };
    this.#bounds = bounds;
    this.#share = shareTime(this.#spendable(), pace, bounds);
    const { amounts } = this.#share;
    const checked = Math.min(...checks.map(({ images }) => images));
    this.#settle("check images", checked, Math.min(usuallyChecked, checkedSplit(data).count));
    const cutShare = amounts.cutPoints / Math.max(1, most.cutPoints);
    const countCuts = (share: number) =>
      networks.reduce((count, network) => count + cutsOf(network, share).length, 0);
    this.#settle("cut points", countCuts(cutShare), countCuts(1));
    for (const [what, key] of [
      ["train images", "train"],
      ["head kinds", "kinds"],
      ["epochs", "epochs"],
    ] as const)
      this.#settle(what, amounts[key], most[key]);
    return {
      ...this.#divide(data, splits, { ...most, train: amounts.train }),
      cutShare,
      heads: wanted.heads.slice(0, amounts.kinds),
      spareReady: wanted.spareReady,
      training: { ...wanted.training, epochs: amounts.epochs },
    };
  }

  /** Settles calibration and test images by the time that is left. @param trainSeconds that training took */
  settleTables(
    { data, splits }: Pick<TrainingMeans, "data" | "splits">,
    trainSeconds: number,
  ): Pick<TrainingMeans, "data" | "splits"> {
    const { pace, share, bounds } = this.#planned();
    // What was much faster came from the cache and says nothing of the rest; nor does it where nothing was trained.
    const slower = share.expected.train > 0 ? trainSeconds / share.expected.train : 0;
    if (slower > 0.7) {
      const times = Math.min(3, slower);
      this.#pace = { ...pace, image: times * pace.image, corrupted: times * pace.corrupted };
    }
    const { train, cutPoints, kinds, epochs } = share.amounts;
    this.#reshare({ train, cutPoints, kinds, epochs }, ["train"]);
    const { amounts } = this.#planned().share;
    this.#settle("calibration images", amounts.calibration, bounds.most.calibration);
    this.#settle("test images", amounts.test, bounds.most.test);
    return this.#divide(data, splits, amounts);
  }

  /** How long to profile. */
  settleProfile(): number {
    const { rounds: _rounds, corrupted: _corrupted, ...known } = this.#planned().share.amounts;
    this.#reshare(known, ["train", "calibrate"]);
    const { pace, share, bounds } = this.#planned();
    const { rounds, cutPoints, kinds } = share.amounts;
    const { profileSeconds } = this.wanted;
    if (rounds >= bounds.most.rounds) return profileSeconds;
    const roundSeconds = pace.round + cutPoints * kinds * pace.roundPerHead;
    const fitting = (rounds * roundSeconds) / (rounds < fullRounds ? slowTimes : 1);
    const seconds = Math.max(0.1, Math.min(profileSeconds, tenths(fitting)));
    this.#settle("profile seconds", seconds, profileSeconds);
    return seconds;
  }

  /** How long each algorithm may search, if nobody said. */
  settleSearch(): number {
    return Math.max(2, searchShare * this.left);
  }

  /** How long to verify. */
  settleVerification(): number {
    const { robustness } = this.#planned().share.expected;
    const left = this.left - robustness - closingSeconds - 0.25 * reserveShare * this.seconds;
    return Math.max(1, Math.min(this.wanted.verifySeconds, tenths(left)));
  }

  /** How many test images to corrupt; none if there isn't time for the fewest. */
  settleRobustness(): number {
    const { pace, share, bounds } = this.#planned();
    const { test } = share.amounts;
    const fitting = Math.floor((this.left - closingSeconds - pace.shifts) / pace.corrupted);
    const isWorthwhile = fitting >= Math.min(bounds.least.corrupted, test);
    const samples = isWorthwhile ? Math.min(fitting, bounds.most.corrupted, test) : 0;
    this.#settle("corrupted images", samples, bounds.most.corrupted);
    return samples;
  }

  /** What became of it. @param verified samples that were run */
  report(verified: { readonly samples: number; readonly available: number }): TimeBudgetReport {
    this.#settle("verified samples", verified.samples, verified.available);
    return {
      seconds: this.seconds,
      used: this.seconds - this.left,
      settled: [...this.#settled].map(([what, amounts]) => ({ what, ...amounts })),
    };
  }

  #planned() {
    return { pace: this.#pace!, share: this.#share!, bounds: this.#bounds! };
  }

  /** Shares again what is left. @param known amounts that are settled @param done stages that are over */
  #reshare(known: Partial<Amounts>, done: readonly ("train" | "calibrate")[]): void {
    const { pace, share, bounds } = this.#planned();
    const over = expectedOf(share.amounts, pace);
    const spent = done.reduce((sum, stage) => sum + over[stage], 0);
    const { least, most } = bounds;
    this.#share = shareTime(this.#spendable() + spent, pace, {
      least: { ...least, ...known },
      most: { ...most, ...known },
    });
  }

  /** What is left without what no amount changes: opening models, search, export, and a reserve. */
  #spendable(): number {
    const fixed = this.#networkPaces.map(({ open, run, backbone }) => {
      const ready = backbone.summary.readyExits.length * (sessionsPerHead * open + warmUpPerHead * run);
      const opening = 8 * open + (this.wanted.isProfiled ? 0 : runsOfNodes * run + ready);
      return opening + backbone.summary.parameterBytes / exportBytesPerSecond;
    });
    const searching = 4 * searchShare * this.left;
    return this.left - reserveShare * this.seconds - sum(fixed) - searching - closingSeconds;
  }

  /** Of all networks together, whose heads are counted by the backbone's cut points. */
  #paceOf(networks: readonly NetworkPace[]): Pace {
    const [backbone, ...members] = networks;
    const { rivalMacs, isProfiled, training, corrupted } = this.wanted;
    const { macs, cutPoints } = backbone.backbone.summary;
    const cutsPerCut = ({ backbone: own }: NetworkPace) =>
      headsFor(own, this.wanted).length > 0
        ? own.summary.cutPoints.length / Math.max(1, cutPoints.length)
        : 0;
    const profiling = (network: NetworkPace) => (isProfiled ? 0 : network === backbone ? 1 : memberTimes);
    const sumOf = (amount: (network: NetworkPace) => number) => sum(networks.map(amount));
    const runs = backbone.run * (1 + planShare) + sum(members.map(({ run }) => run));
    const { read, image } = backbone;
    const shifts = corrupted?.shifts ?? 0;
    return {
      image: sumOf((network) => network.image),
      trainImage: (1 + training.copies) * sumOf((network) => network.image),
      rivals: rivalMacs > 0 ? read + ((image - read) * rivalMacs) / Math.max(1, macs) : 0,
      verified: sumOf((network) => network.read) + runs * runsPerSample(turnFor(1000 * backbone.run)),
      headImage: sumOf((network) => cutsPerCut(network) * this.#secondsPerHead(network.backbone)),
      head: secondsPerHead * sumOf(cutsPerCut),
      round: sumOf(
        (network) =>
          profiling(network) *
          (runsPerRound + network.backbone.summary.readyExits.length * runsPerHead) *
          network.run,
      ),
      roundPerHead: sumOf((network) => profiling(network) * cutsPerCut(network) * runsPerHead * network.run),
      profilePerHead: sumOf(
        (network) =>
          profiling(network) *
          cutsPerCut(network) *
          (sessionsPerHead * network.open + warmUpPerHead * network.run),
      ),
      corrupted:
        shifts * sumOf(({ image: whole, backbone: { summary } }) => whole + corruptingSeconds(summary)),
      shifts: shifts * sumOf(({ open }) => open),
    };
  }

  /** In an epoch, per image; the mean. */
  #secondsPerHead({ summary: { cutPoints, output } }: Backbone): number {
    const seconds = cutPoints.flatMap((cut) =>
      this.wanted.heads.map(({ kind, options }) => {
        const layers = kind.layers(headShape(cut, output.classes), options);
        return secondsPerParameter * parameterCount(layers) + secondsPerMac * macsOf(layers);
      }),
    );
    return sum(seconds) / Math.max(1, seconds.length);
  }

  #mostOf({ images }: LoadedData, { round, roundPerHead }: Pace): Amounts {
    const { training, profileSeconds, corrupted } = this.wanted;
    const { cutPoints } = this.networks[0].summary;
    const kinds = Math.max(...this.networks.map((network) => headsFor(network, this.wanted).length));
    const roundSeconds = round + cutPoints.length * kinds * roundPerHead;
    return {
      train: kinds > 0 ? images.train.count : 0,
      calibration: images.calibration.count,
      test: images.test.count,
      cutPoints: cutPoints.length,
      kinds,
      epochs: training.epochs,
      rounds: Math.max(fullRounds, Math.ceil(profileSeconds / Math.max(1e-6, roundSeconds))),
      corrupted: Math.min(corrupted?.samples ?? 0, images.test.count),
    };
  }

  /** Every class needs images, of which each gets its share. */
  #leastOf({ source }: LoadedData): Amounts {
    const classes = source.classNames.length;
    return {
      ...fewest,
      train: Math.max(fewest.train, 4 * classes),
      calibration: Math.max(fewest.calibration, 2 * classes),
    };
  }

  #divide(
    data: LoadedData,
    splits: SplitOptions,
    { train, calibration, test }: Amounts,
  ): Pick<TrainingMeans, "data" | "splits"> {
    const { images } = data;
    const limits = {
      ...(train > 0 && train < images.train.count && { trainLimit: train }),
      ...(calibration < images.calibration.count && { calibrationLimit: calibration }),
      ...(test < images.test.count && { testLimit: test }),
    };
    if (Object.keys(limits).length === 0) return { data, splits };
    const narrowed = { ...splits, ...limits };
    return { data: withSplits(data, narrowed), splits: narrowed };
  }

  #settle(what: Economy, took: number, wanted: number): void {
    if (took < wanted) this.#settled.set(what, { took, wanted });
  }
}

/** For an image as the network reads it. */
function corruptingSeconds({ input }: Backbone["summary"]): number {
  return secondsPerCorruptedImage + secondsPerCorruptedValue * valuesPerImage(input);
}

/** The images that the check runs a network on. */
function checkedSplit({ images }: Pick<LoadedData, "images">): ImageSplit {
  return images.train.count > 0 ? images.train : images.calibration;
}

function atMost(amounts: Amounts, most: Amounts): Amounts {
  const keys = Object.keys(amounts) as (keyof Amounts)[];
  return Object.fromEntries(
    keys.map((key) => [key, Math.min(amounts[key], most[key])]),
  ) as unknown as Amounts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tenths(seconds: number): number {
  return Math.round(10 * seconds) / 10;
}

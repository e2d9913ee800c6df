import {
  formatCount,
  formatCounted,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from "../../base/format-number.ts";
import { asSentence } from "../../base/sentence.ts";
import type { RivalsFound } from "../../evaluate/live/rival.ts";
import type { NetworkNames } from "../../evaluate/plan-paths.ts";
import { type PredictedInterval, predictedInterval } from "../../evaluate/predicted-interval.ts";
import { type FrontFile, statedCost } from "../../files/front-file.ts";
import type { Summary } from "../../files/summary.ts";
import { outlookOf, type StatedOutlook } from "../../guarantee/drop-bounds.ts";
import type { Guarantee } from "../../guarantee/guarantee.ts";
import type { BackboneSummary } from "../../model/backbone.ts";
import { checkConstraints, type Judged } from "../../model/constraints.ts";
import { type CrossFit, heldOutSamples } from "../../model/cross-fit.ts";
import {
  type DataTrust,
  describeTrainTrust,
  type TrainTrust,
  trustWarnings,
} from "../../model/data-trust.ts";
import type { FamilyMember } from "../../model/families.ts";
import { costOf, isBackbone, type PartitionedPlan, type PlanFigures } from "../../model/plan.ts";
import type { Profile, ProfileQuality } from "../../model/profile.ts";
import type { Statement } from "../../model/statement.ts";
import type { TimeBudgetReport } from "../../model/time-budget.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { Warning } from "../../model/warning.ts";
import type { PlanGain } from "../plans/plan-gains.ts";
import { asList } from "../words/as-list.ts";
import { chosenOnWords, describeCrossFit, estimateWords } from "../words/describe-cross-fit.ts";
import { describeGuarantee, untestedGuarantee } from "../words/describe-guarantee.ts";
import {
  describeOutlook,
  describeSafePlan,
  noBoundReasons,
  type SafePlan,
} from "../words/describe-outlook.ts";
import { describePrediction, poorProfileText } from "../words/describe-quality.ts";
import { describeTimeBudget } from "../words/describe-time-budget.ts";
import { describeWeighting } from "../words/describe-weighting.ts";
import type { NamedNetwork } from "../words/network-titles.ts";
import { type Answering, isBackboneAlone, networksOnTheWay, whoAnswers } from "./answering-networks.ts";
import { type CheckedConstraint, constraintChecks } from "./constraint-checks.ts";
import { beatenBy, notCompared, rivalsIn } from "./rivals.ts";
import { type BesideFrozen, besideFrozen, describeBesideFrozen } from "./tuned-plan.ts";
import { speedupText, type Verified } from "./verified-figures.ts";

/** A plan, what is wanted of it, and what is known: the more evidence, the more is said. */
export interface Evidence extends Answering {
  /** Absent where files are only run, and nothing is wanted of them. */
  readonly useCase?: UseCase;
  /** On the samples that the plan was chosen on, the calibration split's or all held-out ones; absent if the plan doesn't fit what is known of it now. */
  readonly chosen?: Judged;
  readonly measured?: Measured;
  /** Whether a search has found the plan and none that meets the use case: it is the one that comes nearest. */
  readonly isNearest?: boolean;
  /** Every figure beside the backbone's, on the same samples; of a plan that is tuned by hand. */
  readonly gains?: readonly PlanGain[];
  readonly guarantee?: Guarantee;
  /** Where plans were chosen on all held-out images; with the halves if these took turns for this very plan. */
  readonly crossFit?: CrossFit;
  /** What the calibration samples show of new images, or why nothing; absent where nothing is to be said of them. */
  readonly outlook?: StatedOutlook;
  /** The plan that keeps the wish surely, of a search that recommends this one. */
  readonly safe?: SafePlan;
  /** Beside what the search would recommend without tuned networks, where the project has some. */
  readonly besideFrozen?: BesideFrozen;
  /** Absent where all samples count alike; by default as in `measured`. */
  readonly weighted?: Summary["weighted"];
  /** Static networks beside the plan, on the split that it is judged by. */
  readonly rivals?: RivalsFound["rivals"];
  /** Those of which nothing is known on that split. */
  readonly uncompared?: RivalsFound["uncompared"];
  /** Of the model and of the check before training. */
  readonly warnings?: readonly Warning[];
  /** Whether calibration stands for images that the backbone has not seen. */
  readonly trust?: DataTrust | null;
  /** How far the latencies can be trusted that the plan was chosen by, and where its mean lies for them. */
  readonly profile?: Profiled;
  /** Whether the search has proven that it missed nothing. */
  readonly isProven?: boolean;
  /** What a run with a limited time settled for. */
  readonly timeBudget?: TimeBudgetReport;
  /** Files of the data set that were left out. */
  readonly unreadable?: readonly string[];
}

/** What is known of the profile that latencies are predicted with. */
export interface Profiled {
  readonly quality?: ProfileQuality;
  readonly interval?: PredictedInterval;
}

/** What running the exported file on the test split says. */
export interface Measured extends Omit<Verified, "backbone" | "plan" | "speedupPredicted"> {
  readonly figures: PlanFigures;
  /** Predicted at the pace of the profile. */
  readonly profiledMeanMs: number;
}

/** @param peakActivationBytes of the plan: the backbone's, or the most of its networks */
export function measuredOf(verified: Verified, peakActivationBytes?: number): Measured {
  const { measured, exitRates, profiled, macs, bytes } = verified.plan;
  const { latencyMs, energyMillijoules } = measured;
  const { accuracy } = verified.crossFit?.pooled ?? measured;
  return {
    ...verified,
    figures: {
      accuracy,
      latencyMs,
      energyMillijoules,
      exitRates: exitRates.measured,
      macs,
      bytes,
      peakActivationBytes,
    },
    profiledMeanMs: profiled.latencyMs.mean,
  };
}

/** What a profile lets be said of a plan. @param networks see `planPaths` */
export function profiledPlan(
  {
    figures,
    ...plan
  }: Pick<PartitionedPlan, "exits" | "chain"> & { readonly figures: Pick<PlanFigures, "exitRates"> },
  profile: Profile,
  networks?: readonly NetworkNames[],
): Profiled {
  const interval = predictedInterval(plan, figures.exitRates, profile, networks);
  return { quality: profile.quality, interval };
}

/** What a search knows of the plan that it recommends. */
export function frontEvidence({
  front,
  backbone,
  trust,
  rivals,
  uncompared,
  profile,
  networks,
}: Found): Evidence {
  const { recommended, useCase, guarantee, searches } = front;
  const outlook = frontOutlook(front);
  return {
    outlook,
    safe: safeOf(front),
    exits: recommended.exits.length,
    through: networksOnTheWay(recommended, networks),
    besideFrozen: besideFrozen(front, networks),
    useCase,
    chosen: { figures: recommended.figures, backboneAccuracy: front.backbone.accuracy },
    isNearest: !recommended.feasible,
    guarantee,
    crossFit: front.crossFit,
    rivals,
    uncompared,
    warnings: backbone?.warnings,
    trust,
    profile: profile && profiledPlan(recommended, profile, networks),
    isProven: searches[0]?.proven,
  };
}

/** What a whole run from model and data to verified files knows of its plan. */
export function runEvidence({ summary, front, backbone }: Run): Evidence {
  return {
    exits: summary.plan.exits.length,
    through: networksOnTheWay(summary.plan, summary.networks),
    useCase: summary.useCase,
    chosen: { figures: front.recommended.figures, backboneAccuracy: front.backbone.accuracy },
    measured: measuredOf(
      summary,
      front.recommended.figures.peakActivationBytes ?? backbone.peakActivationBytes,
    ),
    isNearest: summary.plan.chosenBy === "search" && !summary.plan.feasible,
    guarantee: summary.guarantee,
    crossFit: summary.crossFit,
    outlook: summary.newImages,
    safe: summary.plan.chosenBy === "search" ? safeOf(front) : undefined,
    besideFrozen: summary.plan.chosenBy === "search" ? besideFrozen(front, summary.networks) : undefined,
    rivals: rivalsIn(summary),
    uncompared: summary.uncompared,
    warnings: [...backbone.warnings, ...summary.data.warnings],
    trust: summary.trust,
    profile: { quality: summary.profileQuality, interval: summary.plan.predictedInterval },
    isProven: summary.search.proven,
    timeBudget: summary.timeBudget,
    unreadable: summary.data.unreadable,
  };
}

/** What is said of the drop on new images of the plan that a front recommends, for the front's use case unless said otherwise. */
export function frontOutlook(
  { recommended, backbone, samples, dropBounds, useCase }: FrontFile,
  wanted = useCase,
): StatedOutlook {
  const { figures } = recommended;
  const isAlone = isBackbone(recommended);
  const subject = { figures, isBackbone: isAlone, backboneAccuracy: backbone.accuracy, samples };
  return outlookOf(subject, dropBounds, wanted);
}

/** What is said of a front's safe plan beside the one that it recommends. */
export function safeOf({ safe, recommended, backbone, useCase }: FrontFile): SafePlan | undefined {
  if (!safe) return undefined;
  const { confidence, plan, samplesNeeded } = safe;
  const { keptProbability = 0 } = recommended.drop ?? {};
  return {
    confidence,
    isRecommended: keptProbability >= confidence,
    speedup: plan && backbone.latencyMs / plan.figures.latencyMs.mean,
    energyFactor:
      plan && useCase.axis === "energy"
        ? statedCost(backbone, "energy") / costOf(plan.figures, useCase)
        : undefined,
    samplesNeeded,
  };
}

interface Found extends Partial<RivalsFound> {
  readonly front: FrontFile;
  /** Absent of a network from elsewhere, of which there are tables alone. */
  readonly backbone?: Pick<BackboneSummary, "warnings">;
  readonly trust?: DataTrust | null;
  /** That the front was searched with. */
  readonly profile?: Profile;
  /** Of the project, the backbone first, where there are several. */
  readonly networks?: readonly (NetworkNames & NamedNetwork & FamilyMember)[];
}

interface Run {
  readonly summary: Omit<Summary, "verdict">;
  readonly front: FrontFile;
  readonly backbone: Pick<BackboneSummary, "warnings" | "peakActivationBytes">;
}

/** Every constraint of the use case beside what the plan is predicted to do and what it does. */
export function checksOf({ useCase, chosen, measured }: Evidence): CheckedConstraint[] {
  return useCase && chosen ? constraintChecks(useCase, chosen, measured && judgedOf(measured)) : [];
}

function judgedOf({ figures, accuracyDropPp }: Measured): Judged {
  return { figures, backboneAccuracy: figures.accuracy + accuracyDropPp / 100 };
}

/**
 * Speed-ups this close to 1 are none. Plan and backbone run in turns, so what slows the machine slows both; still, two
 * sessions of one and the same file that took turns over 1000 samples came out up to 2 % apart in the calmer half of the
 * trials, and further in the others.
 */
const sameSpeed = 0.02;

/** What is said, by id and in this order: a new statement is one more line, and a function below. */
const speakers = {
  outcome,
  networks: networksStatement,
  useCase: constraintStatements,
  tuned: tunedStatement,
  newImages: outlookStatement,
  safe: safeStatement,
  loss: (evidence) => [...worseThanBackbone(evidence), ...worseFigures(evidence)],
  rivals: ({ rivals = [], uncompared = [] }) => [
    ...beatenBy(rivals, sameSpeed).map(({ text, values }) => warn(text, values)),
    ...notCompared(uncompared).map((text) => warn(text)),
  ],
  guarantee: guaranteeStatement,
  crossFit: crossFitStatement,
  warning: ({ warnings = [] }) => warnings.map(({ text }) => warn(asSentence(text))),
  trust: trustStatements,
  "profile-poor": poorProfileStatement,
  drift: driftStatement,
  latencyError: latencyErrorStatement,
  agreement: agreementStatement,
  weighting: weightingStatement,
  subset: subsetStatement,
  timeBudget: timeBudgetStatement,
  proof: ({ isProven = true }) =>
    isProven ? [] : [warn("The front is not proven: plans that the search did not try may be better.")],
  unreadable: unreadableStatement,
} as const satisfies Readonly<Record<string, Speaker>>;

type Said = Omit<Statement, "id" | "values"> & Partial<Pick<Statement, "values">>;
type Speaker = (evidence: Evidence) => readonly Said[];

/** What window, report, terminal and `summary.json` say of a plan, the outcome first. */
export function verdict(evidence: Evidence): Statement[] {
  return Object.entries<Speaker>(speakers).flatMap(([id, speak]) =>
    speak(evidence).map(({ tone, text, values = {} }) => ({ id, tone, text, values })),
  );
}

function warn(text: string, values: Statement["values"] = {}): Said {
  return { tone: "warn", text, values };
}

/** How the plan compares with the backbone, by what can be told apart. */
function comparison({ speedup, verification, accuracyDropPp, accuracyDropHalfWidthPp }: Measured) {
  const [low, high] = verification?.speedupInterval ?? [speedup, speedup];
  return {
    isFaster: speedup > 1 + sameSpeed && low > 1,
    isSlower: speedup < 1 - sameSpeed && high < 1,
    isLessAccurate: accuracyDropPp > accuracyDropHalfWidthPp,
    isMoreAccurate: -accuracyDropPp > accuracyDropHalfWidthPp,
  };
}

function isWorse(measured: Measured): boolean {
  const { isFaster, isSlower, isLessAccurate } = comparison(measured);
  return isSlower || (!isFaster && isLessAccurate);
}

function outcome(evidence: Evidence): Said[] {
  const { exits, measured } = evidence;
  if (!measured) return [];
  const { exitRates } = measured.figures;
  const early = exitRates.slice(0, exits).reduce((sum, rate) => sum + rate, 0);
  const { speedup, accuracyDropPp, accuracyDropHalfWidthPp } = measured;
  return [
    {
      tone: outcomeTone(evidence, measured),
      text: `${whoAnswers(evidence, exitRates)}: ${speedClause(measured)}, ${accuracyClause(measured, evidence.crossFit)}.`,
      values: { earlyShare: early, speedup, accuracyDropPp, accuracyDropHalfWidthPp },
    },
  ];
}

/** Who answers what share, before anything was measured. */
function networksStatement({ exits, through, measured, chosen }: Evidence): Said[] {
  if (!through || measured || !chosen) return [];
  const { exitRates } = chosen.figures;
  return [{ tone: "plain", text: `${whoAnswers({ exits, through }, exitRates)}.`, values: {} }];
}

/** What tuning brings, once it is known what the plan does. */
function tunedStatement({ besideFrozen: beside, chosen }: Evidence): Said[] {
  return beside && chosen ? [{ tone: "plain", ...describeBesideFrozen(beside) }] : [];
}

/** However fast, what was wanted comes first. */
function outcomeTone(evidence: Evidence, measured: Measured): Statement["tone"] {
  if (checksOf(evidence).some(isMissed) || (!isBackboneAlone(evidence) && isWorse(measured))) return "bad";
  return comparison(measured).isFaster ? "good" : "plain";
}

function speedClause(measured: Measured): string {
  const { isFaster, isSlower } = comparison(measured);
  if (isFaster || isSlower) return `${speedupText(measured)} as fast as the backbone on average`;
  const isNone = Math.abs(measured.speedup - 1) <= sameSpeed;
  return `as fast as the backbone on average${isNone ? "" : `, within chance: ${speedupText(measured)}`}`;
}

function accuracyClause(measured: Measured, crossFit: CrossFit | undefined): string {
  const clause = comparedAccuracy(measured);
  return crossFit ? `${clause} ${estimateWords(crossFit)}` : clause;
}

function comparedAccuracy(measured: Measured): string {
  const { accuracyDropPp: drop, accuracyDropHalfWidthPp: halfWidth } = measured;
  const { isLessAccurate, isMoreAccurate } = comparison(measured);
  const interval = `± ${formatPoints(halfWidth)}`;
  if (isLessAccurate) return `${formatPoints(drop)} ${interval} less accurate`;
  if (isMoreAccurate) return `${formatPoints(-drop)} ${interval} more accurate`;
  const isNone = Number.parseFloat(formatPoints(drop)) === 0;
  return isNone
    ? `equally accurate (${interval})`
    : `equally accurate within chance (drop ${formatPoints(drop)} ${interval})`;
}

function worseThanBackbone({ exits, through, measured }: Evidence): Said[] {
  if (!measured || isBackboneAlone({ exits, through }) || !isWorse(measured)) return [];
  const { isSlower, isLessAccurate } = comparison(measured);
  const pace = isSlower ? "slower" : "no faster";
  const text = `This plan is ${pace}${isLessAccurate ? " and less accurate" : ""} than the backbone${through ? "" : " that it starts from"}. Deploy the backbone instead.`;
  const { speedup, accuracyDropPp } = measured;
  return [{ tone: "bad", text, values: { speedup, accuracyDropPp } }];
}

/** Of single figures: a plan gives up some for others, so this is to be known and no miss. */
function worseFigures({ gains = [] }: Evidence): Said[] {
  const worse = gains.filter(({ isWorse }) => isWorse);
  if (worse.length === 0) return [];
  const names = worse.map(({ label, unit }) => (unit ? `${label} ${unit}` : label));
  return [warn(`Worse than the backbone: ${names.join(", ")}.`)];
}

function isMissed({ chosen, measured = chosen }: CheckedConstraint): boolean {
  return !chosen.isMet || !measured.isMet;
}

function constraintStatements(evidence: Evidence): Said[] {
  const checks = checksOf(evidence);
  const missed = checks.filter(isMissed);
  if (missed.length > 0)
    return missed.map((check) => ({
      tone: "bad",
      text: missText(check, evidence),
      values: constraintValues(check, evidence),
    }));
  if (checks.length === 0) return [];
  const wishes = checks.map(({ name, limit }) => `${name} ${limit}`).join(", ");
  const [told, untold] = [true, false].map((isTold) =>
    evidence.measured ? checks.filter(({ measured }) => (measured !== undefined) === isTold) : [],
  );
  const reported = told.map((check) => reportedWords(check, evidence));
  const where = asList([...new Set([chosenOnWords(evidence.crossFit), ...reported])]);
  const values = Object.assign({}, ...checks.map((check) => constraintValues(check, evidence)));
  const text = `The use case is met ${where}: ${wishes}.`;
  const notMeasured = untold.map(({ name }) => ` The ${name} was not measured, as no sensor told it.`);
  return [{ tone: "good", text: [text, ...notMeasured].join(""), values }];
}

/** Where the figure comes from that stands beside the one that the plan was chosen by. */
function reportedWords({ about }: CheckedConstraint, { crossFit }: Evidence): string {
  return crossFit && about === "accuracy" ? estimateWords(crossFit) : "on the test split";
}

/**
 * Of `maxDropPp` the wish under its own name, and `calibrationDropPp` and `testDropPp` as attained; of plans that were chosen on
 * all held-out images `heldOutDropPp` and `crossFittedDropPp`.
 */
function constraintValues(
  { field, about, wanted, chosen, measured }: CheckedConstraint,
  { crossFit }: Evidence,
): Statement["values"] {
  const figure = field.replace(/^(max|min)/, "");
  const reported = crossFit?.pooled && about === "accuracy" ? "crossFitted" : "test";
  return {
    [field]: wanted,
    ...(Number.isFinite(chosen.got) && { [`${crossFit ? "heldOut" : "calibration"}${figure}`]: chosen.got }),
    ...(measured && { [`${reported}${figure}`]: measured.got }),
  };
}

function missText(check: CheckedConstraint, evidence: Evidence): string {
  const { field, wish, chosen, measured } = check;
  if (!Number.isFinite(chosen.got))
    return `The use case is missed, as far as is known: ${wish} wanted, and the profile says nothing of it.`;
  const reported = reportedWords(check, evidence);
  const chosenOn = chosenOnWords(evidence.crossFit);
  const source = evidence.crossFit && check.about === "accuracy" ? reported : `measured ${reported}`;
  const found = measured && `${measured.text} ${source}`;
  const test = measured && (measured.isMet ? `${found}, which keeps to it` : `${found}, ${measured.gap} off`);
  if (!chosen.isMet) {
    const which = evidence.isNearest ? "The nearest plan" : "This plan";
    const attained = `${which} has ${chosen.text} ${chosenOn}, ${chosen.gap} off`;
    return `The use case is missed: ${wish} wanted. ${attained}${test ? `; ${test}` : ""}.`;
  }
  const halfWidth = evidence.measured?.accuracyDropHalfWidthPp ?? 0;
  const isChance = field === "maxDropPp" && measured !== undefined && measured.by <= halfWidth;
  const chance = isChance ? " The miss is within the 95 % interval." : "";
  return `The use case is met ${chosenOn} but missed ${reported}: ${wish} wanted, ${test}.${chance}`;
}

/** A guarantee says more. The backbone alone has no drop. */
function outlookStatement({
  exits,
  through,
  useCase = { latency: "mean" },
  outlook,
  guarantee,
  measured,
}: Evidence): Said[] {
  if (!outlook || guarantee?.holds || isBackboneAlone({ exits, through })) return [];
  if ("none" in outlook)
    return [{ tone: "plain", text: `No bound of the drop on new images: ${noBoundReasons[outlook.none]}.` }];
  const { upperBoundPp, keptProbability = Number.NaN, confidence, samplesToSettle } = outlook;
  // Once it was measured on images that had no part in the choice, these have the say.
  const isDoubtful = keptProbability < 0.5 && !measured;
  return [
    {
      tone: isDoubtful ? "warn" : keptProbability >= confidence ? "good" : "plain",
      text: describeOutlook(outlook, useCase),
      values: {
        confidence,
        upperBoundPp,
        ...(outlook.keptProbability !== undefined && { keptProbability }),
        ...(samplesToSettle !== undefined && { samplesToSettle }),
      },
    },
  ];
}

function safeStatement({ useCase, safe }: Evidence): Said[] {
  if (!safe || !useCase) return [];
  const { confidence, speedup, energyFactor, samplesNeeded } = safe;
  const values = {
    confidence,
    ...(speedup !== undefined && { speedup }),
    ...(energyFactor !== undefined && { energyFactor }),
    ...(samplesNeeded !== undefined && { samplesNeeded }),
  };
  return [{ tone: "plain", text: describeSafePlan(safe, useCase), values }];
}

function guaranteeStatement({ exits, through, useCase, guarantee, measured }: Evidence): Said[] {
  const confidence = useCase?.confidence;
  if (confidence === undefined && !guarantee) return [];
  const said = guarantee
    ? describeGuarantee(guarantee, isBackboneAlone({ exits, through }))
    : untestedGuarantee;
  const drop =
    measured &&
    `${formatPoints(measured.accuracyDropPp)} ± ${formatPoints(measured.accuracyDropHalfWidthPp)}`;
  const test = drop ? ` Measured on the test split, with its 95 % interval: a drop of ${drop}.` : "";
  return [
    {
      tone: guarantee?.holds ? "good" : "warn",
      text: `Guarantee: ${said}.${test}`,
      values: guaranteeValues(guarantee, confidence),
    },
  ];
}

/** With a sign of warning where the estimate misses what was wanted, and where there is none. */
function crossFitStatement({ useCase, chosen, crossFit }: Evidence): Said[] {
  if (!crossFit) return [];
  const text = describeCrossFit(crossFit);
  const { pooled } = crossFit;
  if (!pooled) return [warn(text, { heldOutSamples: heldOutSamples(crossFit) })];
  const estimated = chosen && {
    figures: { ...chosen.figures, accuracy: pooled.accuracy },
    backboneAccuracy: pooled.backboneAccuracy,
  };
  const checks = useCase && estimated ? checkConstraints(useCase, estimated) : [];
  const isMissed = checks.some(({ constraint, isMet }) => constraint.about === "accuracy" && !isMet);
  const { accuracyDropPp, accuracyDropHalfWidthPp, accuracy, speedup } = pooled;
  const values = { accuracyDropPp, accuracyDropHalfWidthPp, accuracy, speedup };
  return [
    {
      tone: isMissed ? "warn" : "plain",
      text: isMissed ? `${text} The estimate misses the accuracy that was wanted.` : text,
      values: { heldOutSamples: heldOutSamples(crossFit), ...values },
    },
  ];
}

function guaranteeValues(guarantee: Guarantee | undefined, wanted = 0): Statement["values"] {
  if (!guarantee) return { confidence: wanted };
  const { confidence, upperBoundPp, samplesNeeded } = guarantee;
  return { confidence, upperBoundPp, ...(samplesNeeded !== undefined && { samplesNeeded }) };
}

function trustStatements({ trust }: Evidence): Said[] {
  if (!trust) return [];
  const warnings = trustWarnings(trust).map(({ code, text }) => warn(text, trustValues(trust, code)));
  return trust.train?.seen ? [...warnings, trainStatement(trust.train)] : warnings;
}

function trainStatement(train: TrainTrust): Said {
  const { accuracyPValue, confidencePValue } = train;
  const values = {
    trainAccuracy: train.train.accuracy,
    testAccuracy: train.test.accuracy,
    trainConfidence: train.train.confidence,
    testConfidence: train.test.confidence,
    accuracyPValue,
    confidencePValue,
  };
  return { tone: "plain", text: describeTrainTrust(train), values };
}

function trustValues(trust: DataTrust, code: Warning["code"]): Statement["values"] {
  const { calibration, test, accuracyPValue, confidencePValue, classSharesPValue = 1 } = trust;
  if (code === "class-shares-differ") return { classSharesPValue };
  return {
    calibrationAccuracy: calibration.accuracy,
    testAccuracy: test.accuracy,
    calibrationConfidence: calibration.confidence,
    testConfidence: test.confidence,
    accuracyPValue,
    confidencePValue,
  };
}

function poorProfileStatement({ profile }: Evidence): Said[] {
  const { quality, interval } = profile ?? {};
  if (quality?.trust !== "poor") return [];
  const { load, lost, spread, drift, halfWidth } = quality;
  const known = Object.entries({ load, lost, spread, drift, halfWidth }).filter(
    ([, value]) => value !== undefined,
  );
  const predicted = interval ? ` ${describePrediction(interval)}` : "";
  return [warn(`${poorProfileText(quality)}${predicted}`, Object.fromEntries(known) as Statement["values"])];
}

function weightingStatement({ measured, weighted = measured?.weighted }: Evidence): Said[] {
  if (!weighted) return [];
  const { effectiveSamples, unweighted } = weighted;
  const values = {
    effectiveSamples,
    unweightedBackboneAccuracy: unweighted.backbone,
    unweightedPlanAccuracy: unweighted.plan,
    unweightedDropPp: unweighted.accuracyDropPp,
    unweightedDropHalfWidthPp: unweighted.accuracyDropHalfWidthPp,
  };
  return [{ tone: "plain", text: `All figures are ${describeWeighting(weighted)}.`, values }];
}

function subsetStatement({ measured }: Evidence): Said[] {
  const { samples, available } = measured?.verification ?? { samples: 0, available: 0 };
  if (samples >= available) return [];
  const text = `Measured figures are of ${formatCount(samples)} of the ${formatCount(available)} test samples, drawn class by class: as many as the time for verification allowed.`;
  return [{ tone: "plain", text, values: { samples, available } }];
}

function timeBudgetStatement({ timeBudget }: Evidence): Said[] {
  if (!timeBudget) return [];
  const { seconds, used } = timeBudget;
  const tone = used > seconds ? "warn" : "plain";
  return [{ tone, text: describeTimeBudget(timeBudget), values: { seconds, used } }];
}

/** Above these a person should know before trusting the predictions, per cent. */
const notableDriftPct = 10;
const notableLatencyErrorPct = 10;
const notableDisagreement = 0.001;

function driftStatement({ measured }: Evidence): Said[] {
  if (!measured || Math.abs(measured.machineDriftPct) < notableDriftPct) return [];
  const drift = formatSignedPercent(measured.machineDriftPct);
  return [
    warn(
      `The machine changed under the run: the backbone took ${drift} at verification against its profile. Predictions are scaled by that; as profiled, the plan's mean would be ${formatMs(measured.profiledMeanMs)}. Profile again when nothing else runs.`,
      { machineDriftPct: measured.machineDriftPct, profiledMeanMs: measured.profiledMeanMs },
    ),
  ];
}

function latencyErrorStatement({ measured }: Evidence): Said[] {
  if (!measured || Math.abs(measured.latencyErrorPct) < notableLatencyErrorPct) return [];
  const error = formatSignedPercent(measured.latencyErrorPct);
  const chance = measured.verification?.isMeanWithin ? ", but within its 95 % interval" : "";
  return [
    warn(`The predicted mean latency is ${error} off the measured one${chance}.`, {
      latencyErrorPct: measured.latencyErrorPct,
    }),
  ];
}

function agreementStatement({ measured }: Evidence): Said[] {
  if (!measured || measured.decisionAgreement >= 1 - notableDisagreement) return [];
  const share = formatPercent(1 - measured.decisionAgreement, 2);
  return [
    warn(`The exported file decides otherwise than the confidence table on ${share} of the test samples.`, {
      decisionAgreement: measured.decisionAgreement,
    }),
  ];
}

/** Files that are named; the others are counted. */
const namedFiles = 3;

function unreadableStatement({ unreadable = [] }: Evidence): Said[] {
  if (unreadable.length === 0) return [];
  const named = unreadable.slice(0, namedFiles).join(", ");
  const rest = unreadable.length > namedFiles ? ", …" : "";
  const verb = unreadable.length === 1 ? "was" : "were";
  return [
    warn(
      `${formatCounted(unreadable.length, "file")} of the data set could not be read and ${verb} left out: ${named}${rest}.`,
      { files: unreadable.length },
    ),
  ];
}

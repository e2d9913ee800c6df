import {
  formatCounted,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from "../../base/format-number.ts";
import { asSentence } from "../../base/sentence.ts";
import type { Rival } from "../../evaluate/live/rival.ts";
import type { FrontFile } from "../../files/front-file.ts";
import type { Summary } from "../../files/summary.ts";
import { outlookOf, type StatedOutlook } from "../../guarantee/drop-bounds.ts";
import type { Guarantee } from "../../guarantee/guarantee.ts";
import type { BackboneSummary } from "../../model/backbone.ts";
import type { Judged } from "../../model/constraints.ts";
import { type DataTrust, trustWarnings } from "../../model/data-trust.ts";
import type { PlanFigures } from "../../model/plan.ts";
import type { Statement } from "../../model/statement.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { Warning } from "../../model/warning.ts";
import type { PlanGain } from "../plans/plan-gains.ts";
import { describeGuarantee, untestedGuarantee } from "../words/describe-guarantee.ts";
import {
  describeOutlook,
  describeSafePlan,
  noBoundReasons,
  type SafePlan,
} from "../words/describe-outlook.ts";
import { describeWeighting } from "../words/describe-weighting.ts";
import { type CheckedConstraint, constraintChecks } from "./constraint-checks.ts";
import { beatenBy } from "./rivals.ts";
import type { Verified } from "./verified-figures.ts";

/** A plan, what is wanted of it, and what is known: the more evidence, the more is said. */
export interface Evidence {
  /** How many the plan has. */
  readonly exits: number;
  /** Absent where files are only run, and nothing is wanted of them. */
  readonly useCase?: UseCase;
  /** On the calibration split, where the plan was chosen; absent if the plan doesn't fit what is known of it now. */
  readonly chosen?: Judged;
  readonly measured?: Measured;
  /** Whether a search has found the plan and none that meets the use case: it is the one that comes nearest. */
  readonly isNearest?: boolean;
  /** Every figure beside the backbone's, on the calibration split; of a plan that is tuned by hand. */
  readonly gains?: readonly PlanGain[];
  readonly guarantee?: Guarantee;
  /** What the calibration samples show of new images, or why nothing; absent where nothing is to be said of them. */
  readonly outlook?: StatedOutlook;
  /** The plan that keeps the wish surely, of a search that recommends this one. */
  readonly safe?: SafePlan;
  /** Absent where all samples count alike; by default as in `measured`. */
  readonly weighted?: Summary["weighted"];
  /** Static networks beside the plan, on the split that it is judged by. */
  readonly rivals?: readonly Rival[];
  /** Of the model and of the check before training. */
  readonly warnings?: readonly Warning[];
  /** Whether calibration stands for images that the backbone has not seen. */
  readonly trust?: DataTrust | null;
  /** Whether the search has proven that it missed nothing. */
  readonly isProven?: boolean;
  /** Files of the data set that were left out. */
  readonly unreadable?: readonly string[];
}

/** What running the exported file on the test split says. */
export interface Measured extends Omit<Verified, "backbone" | "plan" | "speedupPredicted"> {
  readonly figures: PlanFigures;
  /** Predicted at the pace of the profile. */
  readonly profiledMeanMs: number;
}

/** @param peakActivationBytes of the backbone, and so of every plan of it */
export function measuredOf(verified: Verified, peakActivationBytes?: number): Measured {
  const { measured, exitRates, profiled, macs, bytes } = verified.plan;
  const { accuracy, latencyMs } = measured;
  return {
    ...verified,
    figures: { accuracy, latencyMs, exitRates: exitRates.measured, macs, bytes, peakActivationBytes },
    profiledMeanMs: profiled.latencyMs.mean,
  };
}

/** What a search knows of the plan that it recommends. */
export function frontEvidence({ front, backbone, trust, rivals }: Found): Evidence {
  const { recommended, useCase, guarantee, searches } = front;
  const outlook = frontOutlook(front);
  return {
    outlook,
    safe: safeOf(front),
    exits: recommended.exits.length,
    useCase,
    chosen: { figures: recommended.figures, backboneAccuracy: front.backbone.accuracy },
    isNearest: !recommended.feasible,
    guarantee,
    rivals,
    warnings: backbone?.warnings,
    trust,
    isProven: searches[0]?.proven,
  };
}

/** What a whole run from model and data to verified files knows of its plan. */
export function runEvidence({ summary, front, backbone }: Run): Evidence {
  return {
    exits: summary.plan.exits.length,
    useCase: summary.useCase,
    chosen: { figures: front.recommended.figures, backboneAccuracy: front.backbone.accuracy },
    measured: measuredOf(summary, backbone.peakActivationBytes),
    isNearest: summary.plan.chosenBy === "search" && !summary.plan.feasible,
    guarantee: summary.guarantee,
    outlook: summary.newImages,
    safe: summary.plan.chosenBy === "search" ? safeOf(front) : undefined,
    rivals: summary.references,
    warnings: [...backbone.warnings, ...summary.data.warnings],
    trust: summary.trust,
    isProven: summary.search.proven,
    unreadable: summary.data.unreadable,
  };
}

/** What is said of the drop on new images of the plan that a front recommends, for the front's use case unless said otherwise. */
export function frontOutlook(
  { recommended, backbone, samples, dropBounds, useCase }: FrontFile,
  wanted = useCase,
): StatedOutlook {
  const { figures, exits } = recommended;
  const subject = { figures, isBackbone: exits.length === 0, backboneAccuracy: backbone.accuracy, samples };
  return outlookOf(subject, dropBounds, wanted);
}

/** What is said of a front's safe plan beside the one that it recommends. */
export function safeOf({ safe, recommended, backbone }: FrontFile): SafePlan | undefined {
  if (!safe) return undefined;
  const { confidence, plan, samplesNeeded } = safe;
  const { keptProbability = 0 } = recommended.drop ?? {};
  return {
    confidence,
    isRecommended: keptProbability >= confidence,
    speedup: plan && backbone.latencyMs / plan.figures.latencyMs.mean,
    samplesNeeded,
  };
}

interface Found {
  readonly front: FrontFile;
  /** Absent of a network from elsewhere, of which there are tables alone. */
  readonly backbone?: Pick<BackboneSummary, "warnings">;
  readonly trust?: DataTrust | null;
  /** Static networks beside the plan, on the calibration split. */
  readonly rivals?: readonly Rival[];
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
  useCase: constraintStatements,
  newImages: outlookStatement,
  safe: safeStatement,
  loss: (evidence) => [...worseThanBackbone(evidence), ...worseFigures(evidence)],
  rivals: ({ rivals = [] }) => beatenBy(rivals, sameSpeed).map(({ text, values }) => warn(text, values)),
  guarantee: guaranteeStatement,
  warning: ({ warnings = [] }) => warnings.map(({ text }) => warn(asSentence(text))),
  trust: trustStatements,
  drift: driftStatement,
  latencyError: latencyErrorStatement,
  agreement: agreementStatement,
  weighting: weightingStatement,
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
function comparison({ speedup, accuracyDropPp, accuracyDropHalfWidthPp }: Measured) {
  return {
    isFaster: speedup > 1 + sameSpeed,
    isSlower: speedup < 1 - sameSpeed,
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
  const early = measured.figures.exitRates.slice(0, exits).reduce((sum, rate) => sum + rate, 0);
  const opening =
    exits === 0
      ? "The plan has no exits and is the backbone alone"
      : `${formatCounted(exits, "exit")} ${exits === 1 ? "answers" : "answer"} ${formatPercent(early, 0)} of the inputs early`;
  const { speedup, accuracyDropPp, accuracyDropHalfWidthPp } = measured;
  return [
    {
      tone: outcomeTone(evidence, measured),
      text: `${opening}: ${speedClause(measured)}, ${accuracyClause(measured)}.`,
      values: { earlyShare: early, speedup, accuracyDropPp, accuracyDropHalfWidthPp },
    },
  ];
}

/** However fast, what was wanted comes first. */
function outcomeTone(evidence: Evidence, measured: Measured): Statement["tone"] {
  if (checksOf(evidence).some(isMissed) || (evidence.exits > 0 && isWorse(measured))) return "bad";
  return comparison(measured).isFaster ? "good" : "plain";
}

function speedClause(measured: Measured): string {
  const { isFaster, isSlower } = comparison(measured);
  const factor = isFaster || isSlower ? `${formatFactor(measured.speedup)} ` : "";
  return `${factor}as fast as the backbone on average`;
}

function accuracyClause(measured: Measured): string {
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

function worseThanBackbone({ exits, measured }: Evidence): Said[] {
  if (!measured || exits === 0 || !isWorse(measured)) return [];
  const { isSlower, isLessAccurate } = comparison(measured);
  const pace = isSlower ? "slower" : "no faster";
  const text = `This plan is ${pace}${isLessAccurate ? " and less accurate" : ""} than the backbone that it starts from. Deploy the backbone instead.`;
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
      values: constraintValues(check),
    }));
  if (checks.length === 0) return [];
  const wishes = checks.map(({ name, limit }) => `${name} ${limit}`).join(", ");
  const where = evidence.measured
    ? "on the calibration split and on the test split"
    : "on the calibration split";
  const values = Object.assign({}, ...checks.map(constraintValues)) as Statement["values"];
  return [{ tone: "good", text: `The use case is met ${where}: ${wishes}.`, values }];
}

/** Of `maxDropPp` the wish under its own name, and `calibrationDropPp` and `testDropPp` as attained. */
function constraintValues({ field, wanted, chosen, measured }: CheckedConstraint): Statement["values"] {
  const figure = field.replace(/^(max|min)/, "");
  return {
    [field]: wanted,
    [`calibration${figure}`]: chosen.got,
    ...(measured && { [`test${figure}`]: measured.got }),
  };
}

function missText({ field, wish, chosen, measured }: CheckedConstraint, evidence: Evidence): string {
  const found = measured && `${measured.text} measured on the test split`;
  const test = measured && (measured.isMet ? `${found}, which keeps to it` : `${found}, ${measured.gap} off`);
  if (!chosen.isMet) {
    const which = evidence.isNearest ? "The nearest plan" : "This plan";
    const attained = `${which} has ${chosen.text} on the calibration split, ${chosen.gap} off`;
    return `The use case is missed: ${wish} wanted. ${attained}${test ? `; ${test}` : ""}.`;
  }
  const halfWidth = evidence.measured?.accuracyDropHalfWidthPp ?? 0;
  const isChance = field === "maxDropPp" && measured !== undefined && measured.by <= halfWidth;
  const chance = isChance ? " The miss is within the 95 % interval." : "";
  return `The use case is met on the calibration split but missed on the test split: ${wish} wanted, ${test}.${chance}`;
}

/** A guarantee says more. The backbone alone has no drop. */
function outlookStatement({
  exits,
  useCase = { latency: "mean" },
  outlook,
  guarantee,
  measured,
}: Evidence): Said[] {
  if (!outlook || guarantee?.holds || exits === 0) return [];
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
  const { confidence, speedup, samplesNeeded } = safe;
  const values = {
    confidence,
    ...(speedup !== undefined && { speedup }),
    ...(samplesNeeded !== undefined && { samplesNeeded }),
  };
  return [{ tone: "plain", text: describeSafePlan(safe, useCase), values }];
}

function guaranteeStatement({ exits, useCase, guarantee, measured }: Evidence): Said[] {
  const confidence = useCase?.confidence;
  if (confidence === undefined && !guarantee) return [];
  const said = guarantee ? describeGuarantee(guarantee, exits) : untestedGuarantee;
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

function guaranteeValues(guarantee: Guarantee | undefined, wanted = 0): Statement["values"] {
  if (!guarantee) return { confidence: wanted };
  const { confidence, upperBoundPp, samplesNeeded } = guarantee;
  return { confidence, upperBoundPp, ...(samplesNeeded !== undefined && { samplesNeeded }) };
}

function trustStatements({ trust }: Evidence): Said[] {
  return trust ? trustWarnings(trust).map(({ code, text }) => warn(text, trustValues(trust, code))) : [];
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
  return [
    warn(`The predicted mean latency is ${error} off the measured one.`, {
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

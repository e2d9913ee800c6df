import {
  formatCount,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from "../../base/format-number.ts";
import type { Robustness, ShiftCondition } from "../../files/robustness.ts";
import type { Statement } from "../../model/statement.ts";
import {
  cleanCondition,
  conditionTitle,
  corruptedConditions,
  leavingEarly,
  meanFigures,
  stillOnFront,
} from "./robustness-figures.ts";

/** What corrupted images do to a plan, in the order of reading. */
export function robustnessStatements(robustness: Robustness): Statement[] {
  if (corruptedConditions(robustness).length === 0) return [];
  return [onAverage, worstDrop, worstLatency, frontKept].flatMap((speak) => speak(robustness));
}

function onAverage(robustness: Robustness): Statement[] {
  const clean = cleanCondition(robustness);
  const mean = meanFigures(robustness);
  const text =
    `Over all corruptions the plan has ${formatPercent(mean.accuracy)} of the images right, the backbone ${formatPercent(mean.backboneAccuracy)}: ` +
    `${differenceInWords(mean.accuracyDropPp)}; of images as they are ${differenceInWords(clean.plan.accuracyDropPp)}.`;
  return [{ id: "average", tone: "plain", text, values: mean }];
}

function differenceInWords(dropPp: number): string {
  return `${formatPoints(Math.abs(dropPp))} ${dropPp > 0 ? "fewer" : "more"}`;
}

/** Beyond the interval around the drop on the images as they are. */
function worstDrop(robustness: Robustness): Statement[] {
  const clean = cleanCondition(robustness).plan;
  const worst = largest(robustness, ({ plan }) => plan.accuracyDropPp);
  const { accuracyDropPp, accuracyDropHalfWidthPp } = worst.plan;
  const values = { accuracyDropPp, severity: worst.severity };
  const isLarger = accuracyDropPp - accuracyDropHalfWidthPp > clean.accuracyDropPp;
  if (!isLarger)
    return [
      {
        id: "drop",
        tone: "good",
        text: "Under no corruption does the plan fall further behind the backbone than it does on images as they are, as far as the intervals tell.",
        values,
      },
    ];
  const text =
    `The plan falls furthest behind the backbone under ${inWords(robustness, worst)}: ${formatPoints(accuracyDropPp)} ` +
    `± ${accuracyDropHalfWidthPp.toFixed(2)} on the same images.`;
  return [{ id: "drop", tone: "warn", text, values }];
}

/** Less than this is no news, per cent of the mean latency. */
const noticedPct = 1;

function worstLatency(robustness: Robustness): Statement[] {
  const clean = cleanCondition(robustness);
  const worst = largest(robustness, ({ plan }) => plan.latencyMs.mean);
  const [before, after] = [clean, worst].map(({ plan }) => plan.latencyMs.mean);
  const risePct = 100 * (after / before - 1);
  const values = { risePct, latencyMs: after, leavingEarly: leavingEarly(worst) };
  if (risePct < noticedPct)
    return [
      { id: "latency", tone: "good", text: "Under no corruption does the plan become slower.", values },
    ];
  const text =
    `The plan is slowest under ${inWords(robustness, worst)}: ${formatMs(after)} on average (${formatSignedPercent(risePct)}); ` +
    `${formatPercent(leavingEarly(worst))} of the images leave early, of those as they are ${formatPercent(leavingEarly(clean))}.`;
  return [{ id: "latency", tone: "warn", text, values }];
}

function frontKept(robustness: Robustness): Statement[] {
  const { length: plans } = robustness.front;
  if (plans < 2) return [];
  const clean = stillOnFront(cleanCondition(robustness));
  const worst = largest(robustness, (condition) => -stillOnFront(condition));
  const kept = stillOnFront(worst);
  const text =
    `Of the ${formatCount(plans)} plans on the front the fewest stay unbeaten by the others under ${inWords(robustness, worst)}: ${formatCount(kept)}; ` +
    `on these images as they are ${formatCount(clean)} do.`;
  return [{ id: "front", tone: "plain", text, values: { plans, kept, clean } }];
}

function largest(robustness: Robustness, of: (condition: ShiftCondition) => number): ShiftCondition {
  return corruptedConditions(robustness).reduce((most, own) => (of(own) > of(most) ? own : most));
}

/** "contrast of severity 5": a title in the middle of a sentence keeps the capitals of a name. */
function inWords(robustness: Robustness, { corruption, severity }: ShiftCondition): string {
  const title = conditionTitle(robustness, corruption);
  const isName = /^(Gaussian|[A-Z]{2})/.test(title);
  return `${isName ? title : title.toLowerCase()} of severity ${severity}`;
}

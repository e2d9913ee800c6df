import { formatFactor, formatPoints, formatSignedPoints } from "../../base/format-number.ts";
import type { Rival } from "../../evaluate/live/rival.ts";
import type { Summary } from "../../files/summary.ts";
import type { Statement } from "../../model/statement.ts";
import { shorten } from "../words/shorten.ts";

const maxNameLength = 40;

/**
 * What is said of static networks that make a plan pointless: no less accurate than chance allows, and no slower, and
 * one of both clearly better.
 * @param sameSpeed ratios of latencies this close to 1 are none
 */
export function beatenBy(rivals: readonly Rival[], sameSpeed: number): Pick<Statement, "text" | "values">[] {
  return rivals.flatMap((rival) => {
    const { name, accuracyGainPp: gain, accuracyGainHalfWidthPp: halfWidth, timesFaster } = rival;
    const advice = adviceOn(rival);
    const isFaster = timesFaster > 1 + sameSpeed;
    const isMoreAccurate = gain > halfWidth;
    // A network of the project alone is a plan like others, which are compared as these samples have them.
    const isLessAccurate = gain < (rival.isOwn ? 0 : -halfWidth);
    const isWorse = isLessAccurate || timesFaster < 1 - sameSpeed;
    if (isWorse || !(isFaster || isMoreAccurate)) return [];
    const accuracy = isMoreAccurate ? "more accurate" : "as accurate";
    const speed = isFaster ? `${formatFactor(timesFaster)} faster than` : "as fast as";
    const margin = `${formatSignedPoints(gain)} ± ${formatPoints(halfWidth)}`;
    const chance = isMoreAccurate ? "" : ", within chance";
    const unpaired = rival.isUnpaired ? ", not compared image by image" : "";
    return [
      {
        text: `${shorten(name, maxNameLength)} is ${accuracy} and ${speed} this plan (accuracy ${margin}${chance}${unpaired}). ${advice}.`,
        values: { accuracyGainPp: gain, accuracyGainHalfWidthPp: halfWidth, timesFaster },
      },
    ];
  });
}

function adviceOn({ hasExits, isOwn }: Rival): string {
  if (isOwn) return "Take it alone, or with exits of its own";
  return hasExits ? "Deploy it instead" : "Deploy it instead, or put exits into it";
}

/** Every network that a run set beside its plan. */
export function rivalsIn({ references, compared }: Pick<Summary, "references" | "compared">): Rival[] {
  const withExits = compared.flatMap(({ name, accuracy, besidePlan }) =>
    besidePlan ? [{ name, accuracy, ...besidePlan, hasExits: true }] : [],
  );
  return [...references, ...withExits];
}

/** What is said of networks that can't be told to be better or worse. */
export function notCompared(names: readonly string[]): string[] {
  return names.map(
    (name) =>
      `${shorten(name, maxNameLength)} isn't compared with this plan: it was measured on other images. Remove it and add it again.`,
  );
}

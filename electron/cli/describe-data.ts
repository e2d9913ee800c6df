import { type BackboneCheck, checkWarnings, describeOrderEffect } from "../../shared/model/backbone-check.ts";
import { describeClassOrder } from "../../shared/model/class-order.ts";
import type { OpenData, RunRequest } from "../engine/index.ts";
import type { StageProgress } from "./progress.ts";

/** What the person should know about a data set before it is used: the order of its classes, and how it was read. */
export function dataLines({ source, classOrder, notes }: OpenData): string[] {
  return [describeClassOrder(classOrder, source.classNames), ...notes.map((note) => `note: ${note}`)];
}

/**
 * What is suspicious about a network on a data set, and what to do about it.
 * @param member its name, if it isn't the backbone
 */
export function warningLines(check: BackboneCheck, member?: string): string[] {
  const remedy = check.alternatives[0]?.remedy;
  return checkWarnings(check, member).map(({ text }) => `warning: ${text}${remedy ? ` (${remedy})` : ""}`);
}

/** What the backbone's check found: what the order of the classes is worth, where it isn't the data's own, and what is suspicious. */
export function checkLines(check: BackboneCheck): string[] {
  const effect = describeOrderEffect(check);
  return [...(effect === undefined ? [] : [effect]), ...warningLines(check)];
}

/** Reports both as soon as they are known. */
export function dataReports(progress: StageProgress): Pick<RunRequest, "onLoaded" | "onChecked"> {
  return {
    onLoaded: (data) => progress.say(dataLines(data)),
    onChecked: (check, member) =>
      progress.say(member === undefined ? checkLines(check) : warningLines(check, member)),
  };
}

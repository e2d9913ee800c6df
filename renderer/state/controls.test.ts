import { beforeEach, expect, it } from "vitest";
import {
  type Control,
  choiceControl,
  draftControl,
  matchControls,
  numberControl,
  switchControl,
} from "./controls.ts";

let taken: unknown[];
let controls: readonly Control[];

beforeEach(() => {
  taken = [];
  const take = (value: unknown) => taken.push(value);
  const at = (group: string, title: string, words?: string) => ({ group, title, words, show: () => {} });
  const policies = [
    { value: "top1", label: "Top-1 softmax" },
    { value: "entropy", label: "Entropy" },
  ];
  controls = [
    numberControl(
      at("Use case", "Largest accuracy drop", "max-drop"),
      { unit: "pp", min: 0, max: 100 },
      0.5,
      take,
      () => taken.push("cleared"),
    ),
    numberControl(at("Exit 1", "Threshold"), { min: 0, max: 1 }, 0.9, take),
    numberControl(at("Exit 2", "Threshold"), { min: 0, max: 1 }, 0.8, take),
    choiceControl(at("Exit 2", "Exit policy"), policies, "top1", take),
    switchControl(at("Search", "Cross-fit"), false, take),
    numberControl(at("Search", "Most exits"), { min: 1, max: 16, whole: true }, 3, take),
    draftControl(at("Data", "Mean"), "0.5", (text) => ({ ok: true, value: text.split(",") }), take),
  ];
});

/** What a query offers, a line each. */
function offered(query: string): string[] {
  return matchControls(query, controls).map(({ control: { group, title }, typed }) =>
    typed
      ? `${group} ${title} ${typed.ok ? `= ${typed.shown}` : `? ${typed.expected}`}`
      : `${group} ${title}`,
  );
}

function takeFirst(query: string): unknown[] {
  const typed = matchControls(query, controls).find((match) => match.typed)?.typed;
  if (typed?.ok) typed.take();
  return taken;
}

it("takes a number behind a name, with its unit or without", () => {
  expect(offered("drop 0.3")).toEqual(["Use case Largest accuracy drop = 0.3 pp"]);
  expect(offered("drop 0.3 pp")).toEqual(["Use case Largest accuracy drop = 0.3 pp"]);
  expect(offered("MAX-DROP none")).toEqual(["Use case Largest accuracy drop = none"]);
  expect(takeFirst("drop 0.3")).toEqual([0.3]);
  expect(takeFirst("drop none")).toEqual([0.3, "cleared"]);
});

it("says what was expected of a number that doesn't fit, and nothing of a text that is none", () => {
  expect(offered("drop 300")).toEqual(["Use case Largest accuracy drop ? a number from 0 to 100 pp"]);
  expect(offered("most exits 2.5")).toEqual(["Search Most exits ? a whole number from 1 to 16"]);
  expect(offered("drop much")).toEqual([]);
});

it("tells exits apart by their numbers, and offers all where none is said", () => {
  expect(offered("threshold 2 0.9")).toEqual(["Exit 2 Threshold = 0.9"]);
  expect(offered("exit 1 thresh 0.7")).toEqual(["Exit 1 Threshold = 0.7"]);
  expect(offered("threshold 0.7")).toEqual(["Exit 1 Threshold = 0.7", "Exit 2 Threshold = 0.7"]);
  expect(takeFirst("exit 1 thresh 0.7")).toEqual([0.7]);
});

it("takes one of a list by the beginning of a word, and lists them where only the control is named", () => {
  expect(offered("policy ent")).toEqual(["Exit 2 Exit policy = Entropy"]);
  expect(offered("policy soft")).toEqual(["Exit 2 Exit policy = Top-1 softmax"]);
  expect(offered("policy")).toEqual([
    "Exit 2 Exit policy",
    "Exit 2 Exit policy = Top-1 softmax",
    "Exit 2 Exit policy = Entropy",
  ]);
  expect(takeFirst("policy ent")).toEqual(["entropy"]);
  expect(takeFirst("cross on")).toEqual(["entropy", true]);
});

it("finds controls by any of their words, and texts by what they read", () => {
  expect(offered("thresh")).toEqual(["Exit 1 Threshold", "Exit 2 Threshold"]);
  expect(offered("use case")).toEqual(["Use case Largest accuracy drop"]);
  expect(offered("mean 0.1,0.2")).toEqual(["Data Mean = 0.1,0.2"]);
  expect(offered("nothing of that name")).toEqual([]);
  expect(offered("  ")).toEqual([]);
});

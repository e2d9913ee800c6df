import { expect, test } from "vitest";
import { fixedSchemes } from "../../schemes/index.ts";
import { searchAlgorithms } from "../../search/index.ts";
import {
  algorithmMark,
  backboneMark,
  evaluatedMark,
  frozenMark,
  type Mark,
  markPath,
  networkMark,
  otherMarks,
  ourMark,
  pastMarks,
  pinnedMark,
  planMark,
  referenceMark,
  ringed,
  schemeMark,
} from "./marks.ts";

const look = (mark: Mark) => `${mark.colour} ${mark.open} ${markPath(mark, 40)}`;

test("every algorithm, every scheme and everything else on a chart has a mark of its own", () => {
  const marks = [
    ...searchAlgorithms.map(({ id }) => algorithmMark(id)),
    ...fixedSchemes.map(({ id }) => schemeMark(id)),
    ...[
      ourMark,
      frozenMark,
      backboneMark,
      planMark,
      referenceMark,
      networkMark,
      pinnedMark,
      evaluatedMark,
      ringed(ourMark),
      ...pastMarks,
      ...otherMarks,
    ],
    schemeMark("of tomorrow"), // what a scheme gets of which the list of marks knows nothing
  ];
  expect(new Set(marks.map(look)).size).toBe(marks.length);
});

test("what another version names has a mark too", () => {
  expect(look(algorithmMark("of tomorrow"))).toBe(look(schemeMark("of tomorrow")));
});

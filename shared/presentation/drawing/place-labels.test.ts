import { expect, test } from "vitest";
import { placeLabels } from "./place-labels.ts";

const box = { left: 0, right: 300, top: 0, bottom: 200 };

test("names stand right of their points, left where the plot ends, and apart from each other", () => {
  const [free, edge] = placeLabels(
    [
      { name: "plan 1", at: { left: 50, top: 100 } },
      { name: "backbone", at: { left: 290, top: 100 } },
    ],
    box,
  );
  expect(free.label).toEqual({ left: 59, top: 91, anchor: "start" });
  expect(edge.label).toEqual({ left: 281, top: 91, anchor: "end" });
  const [one, other] = placeLabels(
    [
      { name: "plan 1", at: { left: 50, top: 100 } },
      { name: "plan 2", at: { left: 50, top: 100 } },
    ],
    box,
  );
  expect(other.label).not.toEqual(one.label);
});

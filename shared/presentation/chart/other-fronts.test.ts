import { expect, test } from "vitest";
import { otherFrontOf } from "../../files/other-front.ts";
import { otherSeries } from "../plans/series.ts";
import { backbone, frontFile } from "../testing/test-plans.ts";
import { axes } from "./axes.ts";
import { otherLayer } from "./other-fronts.ts";

const file = { name: "elsewhere", savedAt: "2026-03-01T12:00:00.000Z" };
const here = {
  backboneSha256: "0",
  profile: "device",
  backbone: { ...backbone, accuracy: 0.96, latencyMs: 4 },
};
const places = (front: ReturnType<typeof otherFrontOf>, axis = axes.mean) =>
  otherLayer(front, otherSeries("elsewhere", 0), here, axis).front.map(({ x, y }) => [
    x,
    Number(y.toFixed(4)),
  ]);

test("a front of the same network and profile stands where its own figures say", () => {
  expect(places(otherFrontOf(frontFile(), file))).toEqual([
    [0.5, 0.8],
    [1, 0.9],
  ]);
});

test("one of another network or target is taken against its own backbone, and told of ours", () => {
  // Four and two times as fast as its backbone (2 ms), and 10 and 0 points below it.
  const relative = [
    [1, 0.86],
    [2, 0.96],
  ];
  expect(places(otherFrontOf(frontFile({ backboneSha256: "1" }), file))).toEqual(relative);
  expect(places(otherFrontOf(frontFile({ profile: "phone" }), file))).toEqual(relative);
});

test("on an axis that its search was not for there is nothing to show", () => {
  expect(places(otherFrontOf(frontFile(), file), axes.p95)).toEqual([]);
  const slow = otherFrontOf(frontFile({ useCase: { latency: "p95" } }), file);
  expect(places(slow, axes.p95)).toHaveLength(2);
});

test("its plans are known by their places in the list, and are no plans of this project", () => {
  const { front, dominated } = otherLayer(
    otherFrontOf(frontFile(), file),
    otherSeries("x", 2),
    here,
    axes.mean,
  );
  expect(front.map(({ plan: { id, role, exits } }) => [id, role, exits])).toEqual([
    ["other:2/0", "other", []],
    ["other:2/1", "other", []],
  ]);
  expect(dominated).toEqual([]);
});

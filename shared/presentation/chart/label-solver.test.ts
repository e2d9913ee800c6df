import { expect, test } from "vitest";
import { seededRandom } from "../../base/random.ts";
import type { PlotBox } from "../drawing/drawing.ts";
import { textWidth } from "../drawing/text-width.ts";
import { axes } from "./axes.ts";
import { chartFrame } from "./chart-frame.ts";
import { chartLabels, labelsBeside, surroundings } from "./chart-labels.ts";
import { type Label, overlap, solveLabels } from "./label-solver.ts";
import type { PlacedPoint } from "./named-points.ts";
import { planPoint } from "./named-points.ts";

const box = { left: 0, right: 300, top: 0, bottom: 200 };

function beside(name: string, left: number, top: number): Label {
  return {
    key: name,
    texts: [name],
    near: [
      { left: left + 9, top: top + 4, anchor: "start" },
      { left: left - 9, top: top + 4, anchor: "end" },
    ],
    about: { left, top },
  };
}

const alone = { box, taken: [], crowded: [] };

test("a text stands at its first place, at the next one where the plot ends or something is there", () => {
  const [free, edge] = solveLabels([beside("plan", 50, 100), beside("backbone", 290, 50)], alone);
  expect([free.place, free.leader]).toEqual([{ left: 59, top: 104, anchor: "start" }, null]);
  expect(edge.place).toEqual({ left: 281, top: 54, anchor: "end" });
  const mark = { left: 55, right: 65, top: 95, bottom: 105 };
  expect(solveLabels([beside("plan", 50, 100)], { ...alone, taken: [mark] })[0].place.anchor).toBe("end");
  const line = { area: { left: 55, right: 65, top: 95, bottom: 105 }, weight: 3 };
  expect(solveLabels([beside("plan", 50, 100)], { ...alone, crowded: [line] })[0].place.anchor).toBe("end");
});

test("a text that stands away from what it is about has a line that leads there from its edge", () => {
  const labels = ["one", "two", "three"].map((name) => beside(name, 50, 100));
  const [one, two, three] = solveLabels(labels, alone);
  expect([one.leader, two.leader]).toEqual([null, null]);
  const [from, to] = three.leader!;
  expect(from).toEqual({ left: 50, top: 100 });
  const { left, right, top, bottom } = three.area;
  expect(to.left === left || to.left === right || to.top === top || to.top === bottom).toBe(true);
  // It doesn't stand farther off than it has to.
  expect(Math.hypot(to.left - 50, to.top - 100)).toBeLessThan(30);
});

test("where there is no room for the whole text it is the shorter one, and none where there's no room at all", () => {
  const label = { ...beside("best: 93.1 %, 0.055 ms", 10, 10), texts: ["best: 93.1 %, 0.055 ms", "best"] };
  const small = { left: 0, right: 60, top: 0, bottom: 30 };
  expect(solveLabels([label], { ...alone, box: small }).map(({ text }) => text)).toEqual(["best"]);
  const tiny = { left: 0, right: 20, top: 0, bottom: 30 };
  expect(solveLabels([label], { ...alone, box: tiny })).toEqual([]);
});

/** Named points and lines as a crowded chart has them. */
function crowd(seed: number, size: { width: number; height: number }) {
  const random = seededRandom(seed);
  const domain = { x: [0, 1], y: [0.9, 0.95] } as const;
  const frame = chartFrame(size, axes.mean, seed % 2 === 0, { ...domain, x: [0.01, 1] });
  const spread = seed % 3 === 0 ? 30 : 300;
  const count = 3 + Math.floor(random() * 8);
  const named = Array.from({ length: count }, (_, index): PlacedPoint => {
    const at = {
      left: Math.min(frame.box.right, frame.box.left + random() * spread),
      top: Math.min(frame.box.bottom, frame.box.top + random() * spread),
    };
    const name = "network of some length".slice(0, 3 + Math.floor(random() * 19));
    return { ...planPoint(name, { x: 0, y: 0 }), key: String(index), at, strong: index === 0 };
  });
  const line = (field: "maxDropPp" | "minAccuracy" | "maxLatencyMs", at: number, label: string) =>
    ({ field, at, label, direction: field === "maxLatencyMs" ? "vertical" : "horizontal" }) as const;
  const lines = [
    line("maxDropPp", 0.93 + 0.01 * random(), "drop ≤ 0.50 pp"),
    line("minAccuracy", 0.93 + 0.01 * random(), "accuracy ≥ 93.20 %"),
    line("maxLatencyMs", random(), "mean ≤ 0.080 ms"),
  ];
  return { content: { lines, named, layers: [] }, frame };
}

const sizes = [
  { width: 285, height: 180 },
  { width: 420, height: 230 },
  { width: 800, height: 500 },
];

function markOf({ at: { left, top } }: PlacedPoint): PlotBox {
  return { left: left - 3, right: left + 3, top: top - 3, bottom: top + 3 };
}

test("however crowded: no text stands on another or on a mark, none leaves the plot, all of a usual plot find room", () => {
  for (let seed = 1; seed <= 30; seed++)
    for (const size of sizes) {
      const { content, frame } = crowd(seed, size);
      const labels = chartLabels(content, frame);
      const live = {
        ...planPoint("you", { x: 0, y: 0 }),
        at: { left: frame.box.left + 20, top: frame.box.top + 20 },
      };
      const elsewhere = {
        ...planPoint("board", { x: 0, y: 0 }),
        key: "board",
        at: { ...live.at, top: live.at.top + 2 },
      };
      const all = [...labels, ...labelsBeside([live, elsewhere], labels, surroundings(content, frame))];
      for (const [index, { area, text, leader, place }] of all.entries()) {
        const where = `${text}, seed ${seed}, ${size.width} px`;
        expect(area.left >= frame.box.left && area.right <= frame.box.right, where).toBe(true);
        expect(area.top >= frame.box.top && area.bottom <= frame.box.bottom, where).toBe(true);
        expect(
          all.slice(index + 1).filter((other) => overlap(area, other.area)),
          where,
        ).toEqual([]);
        expect(
          content.named.filter((point) => overlap(area, markOf(point))),
          where,
        ).toEqual([]);
        expect(area.right - area.left).toBeGreaterThan(textWidth(text) - 0.001);
        // What stands away from its point is led to it.
        const point = content.named.find(({ key, name }) => key === all[index].key && name === text);
        const distance =
          point &&
          Math.hypot(
            Math.max(area.left - point.at.left, 0, point.at.left - area.right),
            Math.max(area.top - point.at.top, 0, point.at.top - area.bottom),
          );
        if (distance !== undefined && distance > 14) expect(leader, where).not.toBeNull();
        expect(["start", "middle", "end"]).toContain(place.anchor);
      }
      if (size.width > 400) expect(labels.length, `seed ${seed}`).toBe(content.named.length + 3);
      expect(chartLabels(content, frame)).toEqual(labels);
    }
});

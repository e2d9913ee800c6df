import { beforeAll, describe, expect, test } from "vitest";
import { silentJob } from "../../base/job.ts";
import { compareTargets, type FleetComparison } from "../../fleet/compare-targets.ts";
import {
  designOf,
  early,
  evenAndSteep,
  evenTarget,
  hasty,
  late,
  networks,
} from "../../fleet/testing/made-up-targets.ts";
import type { TargetDesign } from "../../fleet/transfer.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { Shape } from "../drawing/drawing.ts";
import { textWidth } from "../drawing/text-width.ts";
import { networkTitles } from "../words/network-titles.ts";
import { targetTitles } from "../words/target-titles.ts";
import { fleetMatrix } from "./fleet-matrix.ts";
import { fleetStatements } from "./fleet-statements.ts";
import { plansTable, rankingsTable, targetLetter, targetsTable, transfersTable } from "./fleet-table.ts";
import { describeLack, describeServing, targetRows } from "./target-rows.ts";

const named = [{ sha256: "net", name: "net", input: { name: "image" } }];
const titles = networkTitles(named);

function compare(designs: readonly TargetDesign[], useCase: UseCase = { latency: "mean", maxDropPp: 0 }) {
  return compareTargets(designs, { useCase, policies: ["top1"], networks }, silentJob);
}

let compared: FleetComparison;
beforeAll(async () => {
  compared = await compare(evenAndSteep());
});

test("targets are letters, past Z two of them", () => {
  expect([0, 25, 26, 51, 52, 701, 702].map(targetLetter)).toEqual(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
});

describe("tables", () => {
  test("who the targets are, and their plans", () => {
    expect(targetsTable(compared).rows).toEqual([
      ["A", "even · cpu, 1 thread", "not known", "4.00 ms", "1.33x", "100.00 %", "proven"],
      ["B", "steep · cpu, 1 thread", "not known", "4.00 ms", "1.02x", "100.00 %", "proven"],
    ]);
    expect(plansTable(compared, titles, named).rows).toEqual([
      ["A", "net", "a", "0.8000"],
      ["B", "net", "b", "0.9000"],
    ]);
  });

  test("where plans pass to a server, and which", () => {
    const [own, ...others] = compared.targets;
    const parted = { ...own, plan: { ...own.plan, cut: "a" } };
    const target = { ...own.target, device: "rack" };
    const server = { target, link: { latencyMs: 5, bandwidthMbps: 100 } };
    const behind = { ...compared, targets: [parted, ...others], server };
    expect(plansTable(behind, titles, named).rows).toEqual([
      ["A", "net", "a", "a", "0.8000"],
      ["B", "net", "–", "b", "0.9000"],
    ]);
    const said = fleetStatements(behind, titles).find(({ id }) => id === "server");
    expect(said?.text).toBe(
      "Plans may continue on a server (rack · cpu, 1 thread, 5.00 ms one way, 100 Mbit/s): the plan of A does.",
    );
    const without = fleetMatrix(compared, 760).height;
    expect(fleetMatrix(behind, 760).height).toBeGreaterThan(without);
  });

  test("what each plan does on the other target, in words where it stands and how sure that is", () => {
    expect(transfersTable(compared).rows).toEqual([
      ["A", "B", "1.00x", "1.02x", "1.6 %", "−4.8 to 7.9 %", "0.00 pp", "others", "+1.6 %, 1 of 2 beat it"],
      [
        "B",
        "A",
        "1.07x",
        "1.33x",
        "20.0 %",
        "13.3 to 26.7 %",
        "0.00 pp",
        "others",
        "+25.0 %, 1 of 2 beat it",
      ],
    ]);
  });

  test("how far rankings agree", () => {
    expect(rankingsTable(compared, titles).rows).toEqual([
      ["A, B", "prefixes of net", "2", "1.000", "1.000", "0 of 1", "0", "50.00 pp"],
      ["A, B", "stretches of net", "3", "-0.816", "-0.866", "2 of 3", "1", "50.00 pp"],
      ["A, B", "exits by cost", "3", "1.000", "1.000", "0 of 3", "0", "50.00 pp"],
      ["A, B", "plans by latency", "3", "0.333", "0.500", "1 of 3", "0", "37.50 pp"],
    ]);
  });

  test("of many rows the worst are kept, in their order, and it is said so", () => {
    const [, moved] = compared.transfers;
    const transfers = Array.from({ length: 30 }, (_, to) => ({ ...moved, from: 30, to, lostPct: to % 10 }));
    const own = transfers.map((row) => ({ ...row, from: row.to }));
    const { rows, note } = transfersTable({ ...compared, transfers: [...transfers, ...own] });
    expect(rows).toHaveLength(24);
    expect(note).toBe("The 24 worst of 30 rows.");
    // Of the losses 0 to 9, three times each, the least two are left out.
    expect(rows.map((row) => row[4])).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 7, 8, 9].map((loss) => `${loss}.0 %`),
    );
    expect(transfersTable(compared).note).toBeUndefined();
  });

  test("a limit that only the plan chosen elsewhere breaks", async () => {
    const { rows } = transfersTable(await compare(evenAndSteep(), { latency: "mean", maxLatencyMs: 3.5 }));
    expect(rows[1].at(-1)).toBe("mean ≤ 3.50 ms");
  });
});

describe("statements", () => {
  const said = (comparison: FleetComparison) => fleetStatements(comparison, titles);

  test("name the worst loss, what is within the intervals, and what is ordered otherwise", () => {
    expect(said(compared)).toMatchObject([
      {
        id: "loss",
        tone: "warn",
        text: "The plan of B loses the most, on A: 20.0 % of the speed-up (95 %: 13.3 to 26.7), 1.07x instead of 1.33x.",
        values: { lostPct: expect.closeTo(20, 9) },
      },
      {
        id: "open",
        text: expect.stringMatching(
          /^1 of the 2 differences is within the profiles' 95 % intervals: profile longer/,
        ),
      },
      {
        id: "plans",
        text: "Plans by latency are ordered least alike on A and B: tau-b 0.333, 1 of 3 pairs change places, none of them beyond the profiles' 95 % intervals.",
      },
      {
        id: "stretches",
        text: "Stretches of net are ordered least alike on A and B: tau-b -0.816, 2 of 3 pairs change places, 1 of them beyond the profiles' 95 % intervals.",
      },
    ]);
  });

  test("where speed alone is wanted, the accuracy that is lost", async () => {
    const quick = designOf({ ...evenTarget, device: "quick" }, hasty, [hasty, early]);
    const fast = await compare([quick, evenAndSteep()[0]], { latency: "mean", maxLatencyMs: 3 });
    expect(said(fast)).toContainEqual({
      id: "accuracy",
      tone: "plain",
      text: "The plan of A is the furthest from what the limits allow, on B: 25.00 pp less accurate than the plan that was chosen there.",
      values: { accuracyLostPp: 25 },
    });
  });

  test("say that nothing is lost where nothing is", async () => {
    const twin = designOf({ ...evenTarget, device: "twin" }, early, [hasty, early]);
    const texts = said(await compare([evenAndSteep()[0], twin]));
    expect(texts[0]).toMatchObject({ id: "loss", tone: "good" });
    expect(texts.slice(1).map(({ text }) => text)).toEqual([
      "Plans by latency are ordered alike on all targets.",
      "Stretches of net are ordered alike on all targets.",
    ]);
  });

  test("of many targets some are named, and of many limits that break it is said how many", async () => {
    const many = await compare(
      [1, 2, 3, 4, 5].map((number) => designOf({ device: `d${number}`, a: number / 2, b: 3 }, late, [late])),
      { latency: "mean", maxLatencyMs: 3 },
    );
    const poor = { ...many, targets: many.targets.map((own) => ({ ...own, trust: "poor" as const })) };
    const texts = said(poor).map(({ text }) => text);
    expect(texts).toContain(
      "20 of 20 plans on other targets break a limit that the plan chosen there keeps.",
    );
    expect(texts.at(-1)).toMatch(/^The profiles of A, B, C and 2 others can't be trusted/);
    const three = {
      ...poor,
      targets: poor.targets.map((own, index) => (index < 3 ? own : many.targets[index])),
    };
    expect(said(three).at(-1)!.text).toMatch(/^The profiles of A, B and C can't be trusted/);
  });

  test("a loss within the intervals is no warning", async () => {
    const [, steep] = evenAndSteep();
    // Its own plan leaves late, and so does the front's: what is best where all leave early anyway is lost within the intervals.
    const other = designOf({ device: "other", a: 3.2, b: 3.25 }, early, [early]);
    const [first] = said(await compare([steep, other]));
    expect(first).toMatchObject({ id: "loss", tone: "plain" });
  });

  test("limits that break, searches that aren't proven, profiles that are poor or without intervals", async () => {
    const limited = await compare(evenAndSteep(), { latency: "mean", maxLatencyMs: 3.5 });
    const texts = (comparison: FleetComparison) => said(comparison).map(({ text }) => text);
    expect(texts(limited)).toContain(
      "The plan of B breaks mean ≤ 3.50 ms on A; the one chosen for A keeps it.",
    );
    const [even, steep] = compared.targets;
    const doubtful = {
      ...compared,
      targets: [even, { ...steep, trust: "poor" as const, search: { algorithm: "nsga2", proven: false } }],
    };
    expect(texts(doubtful).slice(-2)).toEqual([
      "The search for B isn't proven: a better plan may be missing, and a loss be larger or smaller.",
      expect.stringContaining("The profile of B can't be trusted"),
    ]);
    const old = designOf({ ...evenTarget, device: "old", isMeasured: false }, late, [late]);
    expect(texts(await compare([evenAndSteep()[0], old]))).toContain(
      "Of 1 difference nobody knows how sure it is, for a profile has no intervals.",
    );
  });
});

describe("the picture", () => {
  const textsOf = (shapes: readonly Shape[]): Shape[] =>
    shapes.flatMap((shape) =>
      shape.tag === "text" ? [shape] : typeof shape.content === "string" ? [] : textsOf(shape.content),
    );

  test("holds every loss, the plans' own speed-ups, and both rank correlations", () => {
    const texts = textsOf(fleetMatrix(compared, 640).shapes).map(({ content }) => content);
    for (const expected of [
      "1.6 %",
      "20.0 %",
      "1.33x",
      "1.02x",
      "0.333",
      "-0.816",
      "33.3 % swap",
      "66.7 % swap",
    ])
      expect(texts).toContain(expected);
    expect(texts).toContain("B: steep · cpu, 1 thread, backbone 4.00 ms");
  });

  test.each([
    { count: 2, width: 960 },
    { count: 2, width: 340 },
    { count: 2, width: 500 },
    { count: 5, width: 640 },
    { count: 9, width: 340 },
    { count: 30, width: 760 },
  ])("keeps its texts inside, $count targets on $width px", async ({ count, width }) => {
    const designs = Array.from({ length: count }, (_, index) => {
      const device = `a device with a name that is rather long, number ${index}`;
      return designOf({ device, a: 1 + index / 16, b: 3.25 }, index % 2 === 0 ? early : late, [early, late]);
    });
    const { shapes, height, ...drawing } = fleetMatrix(await compare(designs), width);
    expect(drawing.width).toBe(width);
    for (const { content, attributes } of textsOf(shapes)) {
      const { x, y, textAnchor } = attributes as { x: number; y: number; textAnchor: string };
      const length = textWidth(String(content));
      const left = textAnchor === "middle" ? x - length / 2 : textAnchor === "end" ? x - length : x;
      expect(left, String(content)).toBeGreaterThanOrEqual(0);
      expect(left + length, String(content)).toBeLessThanOrEqual(width);
      expect(y).toBeLessThanOrEqual(height);
    }
  });
});

describe("a plan on all targets", () => {
  const ids = evenAndSteep().map(({ profile }) => ({ profile }));
  const names = { targets: targetTitles(ids.map(({ profile }) => profile)), networks: titles };

  test("has its latency, where that lies and its speed-up, or what isn't known", () => {
    const [design] = evenAndSteep();
    const { figures } = design.front.recommended;
    const intervalMs = [figures.latencyMs.mean - 0.25, figures.latencyMs.mean + 0.25] as const;
    const lack = { of: "server", what: { kind: "network", sha256: "net" } } as const;
    const latency = { latency: "3.00 ms", speedUp: "1.33x" };
    expect(targetRows(ids, [{ figures, intervalMs }, { lack }], "mean", names)).toEqual([
      { id: "even", name: "even · cpu, 1 thread", said: { ...latency, interval: "2.75 to 3.25" } },
      {
        id: "steep",
        name: "steep · cpu, 1 thread",
        said: { lacks: "the server's profile lacks net; profile that again" },
      },
    ]);
    const [row] = targetRows(ids, [{ figures }, { lack }], "mean", names);
    expect(row.said).toEqual({ ...latency, interval: "not known" });
  });

  test("says what is lacking and whose it is", () => {
    const texts = (["heads", "partition"] as const).map((kind) =>
      describeLack({ of: "target", what: { kind } }, titles),
    );
    expect(texts).toEqual([
      "its profile lacks some of the heads; profile it again",
      "its profile lacks the cut point where the server takes over; profile it again",
    ]);
    expect(describeLack({ of: "server", what: { kind: "policy", policy: "entropy" } }, titles)).toBe(
      "the server's profile lacks heads with policy entropy; profile that again",
    );
  });

  test("says that the link counts as stated, if it counts", () => {
    const link = { latencyMs: 5, bandwidthMbps: 100 };
    expect(describeServing("rack", link, "after b")).toBe(
      "On every target rack takes over after b. Server and link are the same for all; " +
        "the link counts as stated, 5.00 ms one way, 100 Mbit/s, without an interval.",
    );
    expect(describeServing("rack", link, undefined)).toMatch(
      /^This plan isn't partitioned: .* don't count\.$/,
    );
  });
});

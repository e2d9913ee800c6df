import { beforeAll, describe, expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { compareTargets } from "../../../shared/fleet/compare-targets.ts";
import { evenAndSteep, networks } from "../../../shared/fleet/testing/made-up-targets.ts";
import { madeUpRobustness } from "../../../shared/presentation/robustness/testing/made-up-robustness.ts";
import { renderReport } from "./render-report.ts";
import type { ReportData } from "./report-data.ts";
import { reportFixture } from "./testing/report-fixture.ts";

let data: ReportData;

beforeAll(async () => {
  data = await reportFixture();
});

function withSummary(changes: Partial<Summary>): ReportData {
  return { ...data, summary: { ...data.summary, ...changes } };
}

/** What a person reads: without style, tags and entities, and with single spaces. */
function visibleText(page: string): string {
  return page
    .replace(/<style>.*?<\/style>/s, "")
    .replace(/<title>.*?<\/title>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
}

const voidElements = new Set(["meta", "wbr", "br"]);

/** The first tag that doesn't close what was opened last, or what stays open. */
function imbalance(page: string): string | undefined {
  const open: string[] = [];
  for (const [tag, closing, name, selfClosing] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
    if (closing === "/") {
      if (open.pop() !== name) return tag;
    } else if (selfClosing !== "/" && !voidElements.has(name)) open.push(name);
  }
  return open.length > 0 ? `<${open.join("><")}>` : undefined;
}

describe("what a page says", () => {
  test("what becomes of plans on other targets, where the project has profiles of some", async () => {
    const question = { useCase: { latency: "mean" }, policies: ["top1"], networks } as const;
    const fleet = await compareTargets(evenAndSteep(), question, silentJob);
    const page = renderReport({ ...data, fleet });
    expect(imbalance(page)).toBeUndefined();
    const text = visibleText(page);
    expect(text).toContain("On other targets");
    expect(text).toContain(
      "! The plan of B loses the most, on A: 20.0 % of the speed-up (95 %: 13.3 to 26.7)",
    );
    expect(text).toContain("B A 1.07x 1.33x 20.0 % 13.3 to 26.7 % 0.00 pp others");
    expect(text).toContain("A, B plans by latency 3 0.333 0.500 1 of 3 0 37.50 pp");
    expect(renderReport(data)).not.toContain("On other targets");
  });

  test("what the plan does on corrupted images, where that was tried", () => {
    const page = renderReport({ ...data, robustness: madeUpRobustness() });
    expect(imbalance(page)).toBeUndefined();
    const text = visibleText(page);
    expect(text).toContain("Under shift 1 000 of 10 000 test images, made worse in 2 ways");
    expect(text).toContain(
      "! The plan falls furthest behind the backbone under contrast of severity 5: 10.00 pp",
    );
    expect(text).toContain("Contrast 5 50.0 % 40.0 % 37.0 to 43.1 10.00 pp ± 0.50 20.0 % 0.80 ms 1.25x");
    expect(text).toContain("Brightness added 0.05 0.1 0.15 0.2 0.3");
    expect(renderReport(data)).not.toContain("Under shift");
  });

  test("what each exit brings, where that is known, and which brings nothing", () => {
    const { exits } = data.summary.plan;
    const importance = exits.map((_, index) => ({
      without: { exits: [] },
      lost:
        index === 0
          ? { accuracyPp: 0.25, meanMs: 0.3, slowdown: 1.6 }
          : { accuracyPp: 0, meanMs: 0, slowdown: 1 },
    }));
    const page = renderReport({ ...data, importance });
    expect(imbalance(page)).toBeUndefined();
    const text = visibleText(page);
    expect(text).toContain("What each exit brings");
    expect(text).toMatch(/ 1 \S.* \+0\.25 pp \+0\.30 ms 1\.60x /);
    expect(text).toMatch(/brings nothing 0\.00 pp 0 ms 1\.00x/);
    expect(visibleText(renderReport(data))).not.toContain("What each exit brings");
  });

  test("how far the profile can be trusted, and how well its latencies are known", () => {
    const { profile } = data;
    const interval = (meanMs: number): [number, number] => [meanMs - 0.0157, meanMs + 0.0157];
    const known = {
      ...profile,
      quality: { trust: "fair" as const, reasons: ["other work took 30 % of the processor"] },
      prefixes: profile.prefixes.map((prefix) => ({ ...prefix, intervalMs: interval(prefix.meanMs) })),
    };
    const page = visibleText(renderReport({ ...data, profile: known }));
    expect(page).toContain("Quality of the profile: fair: other work took 30 % of the processor .");
    expect(page).toContain(
      "The mean of every L(e) is known to within ± 0.016 ms (95 %), 1.0 % of the backbone's.",
    );
    expect(visibleText(renderReport(data))).toContain("Quality of the profile: not known");
    const { latencyMs } = data.summary.plan.profiled;
    const plan = {
      ...data.summary.plan,
      predictedInterval: { meanMs: [0.9 * latencyMs.mean, 1.1 * latencyMs.mean], speedup: [2.1, 2.6] },
    } as Summary["plan"];
    expect(visibleText(renderReport(withSummary({ plan })))).toContain("2.1x to 2.6x");
  });

  test("static networks beside plan and backbone, and what beats the plan", () => {
    const { sha256 } = data.summary.model;
    const small = {
      name: "small <i>",
      sha256,
      accuracy: 0.9312,
      accuracyInterval: [0.919, 0.9415] as [number, number],
      calibrationAccuracy: 0.93,
      latencyMs: { mean: 0.4, p50: 0.4, p95: 0.5 },
      macs: 20e6,
      bytes: 1e6,
      speedup: 4,
      accuracyGainPp: -0.1,
      accuracyGainHalfWidthPp: 0.4,
      timesFaster: 1.5,
    };
    const reported = withSummary({ references: [small] });
    const { backbone } = data.summary;
    const charted = { ...small, accuracy: 0.93, target: "made up" };
    const page = renderReport({ ...reported, front: { ...data.front, references: [charted] } });
    const text = visibleText(page);
    expect(text).toContain("small &lt;i&gt; is as accurate and 1.50x faster than this plan");
    const meanMs = (backbone.latencyMs.mean / 4).toFixed(2);
    expect(text).toContain(
      `small &lt;i&gt; 93.1 % 91.9 to 94.2 \u22120.10 pp ± 0.40 pp ${meanMs} ms 4.0x 1.50x 20 M 1 MB`,
    );
    expect(text).toContain("small &lt;i&gt; static network, 93.0 %, 0.40 ms");
    expect(imbalance(page)).toBeUndefined();
    expect(visibleText(renderReport(data))).not.toContain("Static networks");
  });

  test("early exits, int8 and both together, against the float backbone", () => {
    const { backbone } = data.summary;
    const int8 = {
      name: "int8" as const,
      file: "int8/backbone.onnx",
      accuracy: 0.9412,
      accuracyInterval: [0.931, 0.95] as [number, number],
      latencyMs: { ...backbone.latencyMs, mean: 0.75 },
      bytes: 566_776,
      accuracyDropPp: 0.15,
      accuracyDropHalfWidthPp: 0.21,
      speedup: 2.08,
      exitRates: [1],
      decisionAgreement: 1,
    };
    const besidePlan = { accuracyGainPp: 0.1, accuracyGainHalfWidthPp: 0.2, timesFaster: 1.3 };
    const both = { ...int8, name: "int8 + early exit" as const, file: "int8/model.onnx", besidePlan };
    const page = renderReport(withSummary({ compared: [int8, both] }));
    const text = visibleText(page);
    expect(text).toContain(
      "int8 94.1 % 93.1 to 95.0 0.15 pp ± 0.21 pp 0.75 ms 2.1x 567 kB int8/backbone.onnx",
    );
    expect(text).toContain("int8 + early exit is as accurate and 1.30x faster than this plan");
    expect(text).toContain("has the heads of the float one");
    expect(imbalance(page)).toBeUndefined();
    expect(visibleText(renderReport(data))).not.toContain("Early exits and int8");
  });

  test("what is guaranteed beforehand, beside the drop measured", () => {
    const guarantee = {
      confidence: 0.95,
      maxDropPp: 1,
      method: "fixed-sequence" as const,
      designSamples: 3333,
      controlSamples: 6667,
      tested: 28,
      passed: 27,
      holds: true,
      dropPp: 0.63,
      upperBoundPp: 0.997,
    };
    const measured = { accuracyDropPp: 0.31, accuracyDropHalfWidthPp: 0.33 };
    const useCase = { ...data.summary.useCase, confidence: 0.95 };
    const text = visibleText(renderReport(withSummary({ ...measured, useCase, guarantee })));
    expect(text).toContain(
      "Guarantee: drop ≤ 1.00 pp is guaranteed with 95 % confidence: on 6 667 calibration",
    );
    expect(text).toContain(
      "its upper bound 1.00 pp; 27 of 28 plans tested passed. Measured on the test split",
    );
    expect(text).toMatch(/a drop of 0\.31 pp ± 0\.33 pp\./);
    const other = visibleText(renderReport(withSummary({ ...measured, useCase })));
    expect(other).toContain("Guarantee: nothing is guaranteed of this plan, as it has not been tested");
    expect(visibleText(renderReport(data))).not.toContain("Guarantee");
  });

  test("the figures of the summary, in the units of people", () => {
    const { plan } = data.summary;
    const figures = {
      accuracy: 0.93,
      accuracyInterval: [0.9244, 0.9352] as [number, number],
      latencyMs: { mean: 0.4013, p50: 0.2871, p95: 1.6042, worst: 3.217 },
    };
    const page = renderReport(
      withSummary({
        speedup: 3.92,
        speedupP50: 5.47,
        speedupPredicted: 4.06,
        accuracyDropPp: 0.31,
        accuracyDropHalfWidthPp: 0.33,
        latencyErrorPct: -3.44,
        machineDriftPct: 1.26,
        decisionAgreement: 0.9987,
        plan: {
          ...plan,
          exits: plan.exits.slice(0, 2),
          measured: figures,
          exitRates: { predicted: [0.5, 0.3, 0.2], measured: [0.46, 0.32, 0.22] },
        },
      }),
    );
    const text = visibleText(page);
    expect(text).toContain(
      "2 exits answer 78 % of the inputs early: 3.9x as fast as the backbone on average, equally accurate within chance (drop 0.31 pp ± 0.33 pp).",
    );
    expect(text).toContain("93.0 % 92.4 to 93.5");
    for (const latency of ["0.40 ms", "0.29 ms", "1.60 ms", "3.22 ms"]) expect(text).toContain(latency);
    expect(text).toMatch(/Leave at exit 1 46\.0 % 50\.0 % \u22124\.00 pp/);
    expect(text).toMatch(/Reach the backbone's output 100\.0 % 22\.0 % 20\.0 % \+2\.00 pp/);
    expect(text).toMatch(/Speed-up of the mean 3\.9x 4\.1x/);
    expect(text).toMatch(/Speed-up of the p50 5\.6x/);
    expect(text).toMatch(/Latency error \u22123\.4 %/);
    expect(text).toMatch(/Machine drift \+1\.3 %/);
    expect(text).toMatch(/Decision agreement 99\.87 %/);
    expect(text).toContain("decides otherwise than the confidence table on 0.13 % of the test samples");
  });

  test("every exit, algorithm and scheme, the target and where it came from", () => {
    const text = visibleText(renderReport(data));
    for (const title of ["NSGA-II", "Simulated annealing", "Random", "BranchyNet", "Shallow-Deep Networks"])
      expect(text).toContain(title);
    expect(data.summary.plan.exits.length).toBeGreaterThan(0);
    for (const { threshold } of data.summary.plan.exits) expect(text).toContain(threshold.toFixed(4));
    expect(text).toContain(
      "AMD EPYC 9B14, 2 cores, 16 GiB · cpu, 1 thread, batch 1 · onnxruntime-node 1.30.0",
    );
    expect(text).toContain(data.summary.model.sha256);
    expect(text).toContain("25 000 samples");
    expect(text).toContain("offramp-front, version 2");
    expect(text).toMatch(/train 3 min 4 s/);
  });

  test("how many plans lie outside the plot", () => {
    const { front } = data;
    const [first, ...others] = front.schemes;
    const poor = { ...first, plans: [...first.plans, { ...first.plans[0], accuracy: 0.2, latencyMs: 0.1 }] };
    const before = visibleText(renderReport(data));
    const after = visibleText(renderReport({ ...data, front: { ...front, schemes: [poor, ...others] } }));
    const counted = (text: string) => Number(/(\d+) of \d+ \(BranchyNet\)/.exec(text)?.[1] ?? 0);
    expect(counted(after)).toBe(counted(before) + 1);
  });
});

test("figures of some of the test samples say so, with their intervals", () => {
  const { plan } = data.summary;
  const latencyMs = { ...plan.measured.latencyMs, meanInterval: [0.401, 0.443] as [number, number] };
  const verification = {
    samples: 400,
    available: 2000,
    speedupInterval: [3.451, 3.602] as [number, number],
    isMeanWithin: false,
    isSpeedupWithin: true,
    blocks: 50,
    leftOutBlocks: 1,
  };
  const settled = [{ what: "train images" as const, took: 600, wanted: 25_000 }];
  const changes = {
    verification,
    speedup: 3.52,
    plan: { ...plan, measured: { ...plan.measured, latencyMs } },
    timeBudget: { seconds: 900, used: 870, settled },
  };
  const text = visibleText(renderReport(withSummary(changes)));
  expect(text).toContain("Figures are of the 400 of 2 000 test samples ");
  expect(text).toContain("3.52x (3.45 to 3.60) as fast as the backbone");
  expect(text).toMatch(/Mean latency .*? ms 0\.40 to 0\.44/);
  expect(text).toContain("1 of 50 blocks of turns in which the machine held up one network alone");
  expect(text).toContain("settled for 600 of 25 000 train images.");
});

test("what speaks against the plan looks worse than what should be known of it", () => {
  const page = renderReport(withSummary({ speedup: 0.8, machineDriftPct: 25 }));
  const said = [...page.matchAll(/<li class="(\w+)"><span.*?>(.)<\/span> (\w+)/g)].map(([, ...rest]) => rest);
  expect(said).toContainEqual(["bad", "✗", "This"]);
  expect(said).toContainEqual(["warn", "!", "The"]);
  expect(page).toContain(".verdict .bad { background: var(--bad-surface)");
});

test("the line of the largest drop hangs on the backbone's accuracy on the calibration split", () => {
  const backbone = { accuracy: 0.957, latencyMs: 1.57 };
  const text = visibleText(renderReport({ ...data, front: { ...data.front, backbone } }));
  expect(text).toContain("drop ≤ 0.50 pp");
  expect(text).toContain("Backbone 95.7 %, 1.57 ms");
});

describe("whatever the data", () => {
  const hostile = `"><script>alert('x')</script><img src=x onerror="alert(1)">`;

  test("strings of the model and the data set come out escaped", () => {
    const { backbone, summary, profile } = data;
    const [cut, ...cuts] = backbone.cutPoints;
    const page = renderReport({
      ...data,
      backbone: {
        ...backbone,
        producer: hostile,
        cutPoints: [{ ...cut, tensor: hostile, node: hostile }, ...cuts],
      },
      profile: { ...profile, nodes: [{ node: hostile, meanMs: 9 }, ...profile.nodes] },
      summary: {
        ...summary,
        model: { ...summary.model, name: hostile },
        target: { ...summary.target, device: hostile },
        data: { ...summary.data, path: hostile, unreadable: [hostile] },
        outputs: [{ ...summary.outputs[0], cutPoint: hostile, head: hostile }, ...summary.outputs],
        stageSeconds: { [hostile]: 1 },
        plan: {
          ...summary.plan,
          exits: [{ cutPoint: hostile, head: hostile, policy: hostile, threshold: 0.5, rate: 0.5 }],
          exitRates: { predicted: [0.5, 0.5], measured: [0.5, 0.5] },
        },
      },
    });
    expect(page).not.toMatch(/<script|<img/i);
    expect(page).toContain("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    expect(imbalance(page)).toBeUndefined();
  });

  test("a plan without exits is the backbone alone", () => {
    const { plan } = data.summary;
    const { recommended } = data.front;
    const figures = { ...recommended.figures, exitRates: [1] };
    const alone = withSummary({
      speedup: 1.001,
      accuracyDropPp: 0,
      accuracyDropHalfWidthPp: 0,
      plan: { ...plan, exits: [], exitRates: { predicted: [1], measured: [1] } },
    });
    const page = renderReport({
      ...alone,
      front: { ...data.front, recommended: { ...recommended, exits: [], figures } },
    });
    expect(visibleText(page)).toContain(
      "The plan has no exits and is the backbone alone: as fast as the backbone on average, equally accurate (± 0.00 pp).",
    );
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(imbalance(page)).toBeUndefined();
  });

  test("where the exits came with the network nothing learnt from the train split", () => {
    expect(visibleText(renderReport(data))).toContain("samples, for the heads");
    const { backbone, summary } = data;
    const exits = summary.outputs.flatMap(({ head, cutPoint }) =>
      cutPoint && head ? [{ cutPoint, head }] : [],
    );
    expect(exits.length).toBeGreaterThan(0);
    const readyExits = exits.map(({ cutPoint, head }) => ({ cutPoint, output: head }));
    const ready = { ...data, backbone: { ...backbone, readyExits } };
    expect(visibleText(renderReport(ready))).toContain(
      " samples; the exits came with the network, so nothing was trained",
    );
  });

  test("a run with next to nothing in it still renders", () => {
    const { front, profile, backbone, summary } = data;
    const page = renderReport({
      ...data,
      backbone: { ...backbone, cutPoints: [], nodes: [] },
      profile: { ...profile, prefixes: [], heads: [], nodes: [] },
      front: { ...front, searches: [], schemes: [] },
      summary: { ...summary, outputs: [], stageSeconds: {} },
      latenciesMs: { backbone: new Float32Array(0), plan: new Float32Array(0) },
    });
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
    expect(imbalance(page)).toBeUndefined();
  });

  test("the page is well formed, finite and loads nothing", () => {
    const page = renderReport(data);
    expect(imbalance(page)).toBeUndefined();
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
    expect(page).not.toMatch(/https?:|\/\/[a-z]|src=|href=|url\((?!#)|@import|<script|<link/i);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("prefers-color-scheme: dark");
  });

  test("the same data gives the same page", async () => {
    expect(renderReport(await reportFixture())).toBe(renderReport(data));
  });
});

test("a plan of two networks says which network an exit is of, and what a sample goes through", () => {
  const { backbone, profile, summary } = data;
  const small = {
    ...backbone,
    name: "small",
    sha256: "small-sha",
    graphSha256: "small-graph",
    macs: backbone.macs / 4,
    output: { ...backbone.output, name: "scores" },
  };
  const latency = { ...profile.backbone, intervalMs: undefined };
  const timed = {
    graphSha256: small.graphSha256,
    name: "small",
    entry: { ...latency, meanMs: 0.05 },
    backbone: { ...latency, meanMs: 0.3 },
    final: { ...latency, meanMs: 0.35 },
    prefixes: [],
    heads: [],
  };
  const output = { ...summary.outputs[summary.outputs.length - 1], accuracy: 0.8125 };
  const own = { member: "small-sha", cutPoint: "scores", head: "output", policy: "top1", threshold: 0.75 };
  const figures = {
    accuracy: 0.8125,
    accuracyInterval: [0.8, 0.82] as [number, number],
    macs: small.macs,
    parameters: small.parameters,
  };
  const network = (name: string, sha256: string, mean: number) => ({
    ...figures,
    name,
    sha256,
    latencyMs: { mean },
    speedup: 2,
  });
  const page = renderReport({
    ...withSummary({
      networks: [
        network(backbone.name, backbone.sha256, 1.57),
        { ...network("small", "small-sha", 0.35), outputs: [output] },
      ],
      plan: {
        ...summary.plan,
        chain: ["small-sha", backbone.sha256],
        exits: [{ ...own, rate: 0.75 }],
        exitRates: { predicted: [0.75, 0.25], measured: [0.75, 0.25] },
      },
    }),
    members: [small],
    profile: { ...profile, members: [timed] },
  });
  expect(imbalance(page)).toBeUndefined();
  const text = visibleText(page);
  expect(text).toContain(`${backbone.name} backbone 81.3 % 80.0 to 82.0 1.57 ms 2.0x`);
  expect(text).toMatch(/small 81\.3 % 80\.0 to 82\.0 0\.35 ms .* 1 of 2 100\.0 % 75\.0 %/);
  expect(text).toContain("2 of 2 25.0 % 25.0 %");
  // The small one has a fifth of the MACs of both; leaving it takes 0.05 + 0.35 ms, the end the backbone's last stage more.
  expect(text).toContain(
    "1 output of small 20.0 % the network itself Top-1 softmax 0.7500 0.35 ms – 0.40 ms 75.0 %",
  );
  const end = (0.4 + profile.final.meanMs).toFixed(2);
  expect(text).toContain(`end output of ${backbone.name} 100.0 % ${end} ms 25.0 %`);
  expect(text).toContain("output of small exit 1 100.0 %");
  expect(text).toContain("Reach the end");
  expect(text).not.toContain("Reach the backbone's output");
});

test("where a network was tuned, both fronts stand on one chart and both speed-ups in one table", () => {
  expect(visibleText(renderReport(data))).not.toContain("Frozen and tuned");
  const [ours] = data.front.searches;
  const front = {
    ...data.front,
    frozen: { ...ours, hypervolume: 0.4321, front: ours.front.slice(2), alone: [] },
  };
  const { proven, hypervolume } = front.frozen;
  const speedups = [
    { dropPp: 0, frozen: 1.25, tuned: 2.5 },
    { dropPp: 0.5, frozen: 1.6, tuned: 4, rival: { name: "half", speedup: 2 } },
  ];
  const tuning = { frozen: { proven, hypervolume }, speedups };
  const html = renderReport({ ...data, front, summary: { ...data.summary, tuning } });
  const page = visibleText(html);
  expect(page).toContain("Frozen and tuned");
  expect(page).toMatch(/0\.00 pp 1\.25x 2\.5x 2\.0x – 0\.50 pp 1\.60?x 4\.0x 2\.5x 2\.0x half/);
  expect(page).toContain(`Frozen our front without tuned networks, ${ours.front.length - 2} plans`);
  expect(page).toMatch(/without tuned networks proven .*0\.4321/);
  expect(imbalance(html.replace(/^<!doctype html>/i, ""))).toBeUndefined();
});

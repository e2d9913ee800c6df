import type { FrontFile } from "../../../files/front-file.ts";
import type { Summary } from "../../../files/summary.ts";
import type { BackboneSummary } from "../../../model/backbone.ts";
import type { CrossFit } from "../../../model/cross-fit.ts";
import type { DataTrust } from "../../../model/data-trust.ts";
import { outputHead } from "../../../model/plan.ts";
import type { Tone } from "../../../model/statement.ts";
import type { UseCase } from "../../../model/use-case.ts";
import { testCrossFit } from "../../testing/test-cross-fit.ts";
import { testGuarantee } from "../../testing/test-guarantee.ts";
import { exit, figures } from "../../testing/test-plans.ts";
import { verified } from "../../testing/test-verified.ts";

/** What a verdict is made from. */
interface Run {
  readonly summary: Omit<Summary, "verdict">;
  readonly front: FrontFile;
  readonly backbone: BackboneSummary;
}

interface Changes {
  readonly useCase?: Partial<UseCase>;
  readonly exits?: FrontFile["recommended"]["exits"];
  /** Of `networks`. */
  readonly chain?: readonly string[];
  readonly feasible?: boolean;
  /** Mean latency of the best plan without tuned networks, where there are some, ms. */
  readonly frozenMs?: number;
  readonly chosenBy?: Summary["plan"]["chosenBy"];
  /** Of the summary itself: speed-up, drop, trust, guarantee. */
  readonly summary?: Partial<Omit<Summary, "verdict">>;
  readonly isProven?: boolean;
  readonly unreadable?: string[];
  readonly warnings?: BackboneSummary["warnings"];
}

/** Something that a plan can come to, and what is to be said of it, in this order. */
export interface Situation {
  readonly name: string;
  readonly changes: Changes;
  readonly said: readonly (readonly [id: string, tone: Tone])[];
  /** A few words of it. */
  readonly words: RegExp;
}

const split = (accuracy: number) => ({ samples: 5000, accuracy, confidence: 0.9 });
const unseen: DataTrust = {
  calibration: split(0.87),
  test: split(0.868),
  accuracyPValue: 0.4,
  confidencePValue: 0.5,
  classSharesPValue: 0.5,
  seen: false,
  classSharesDiffer: false,
};
const seen: DataTrust = { ...unseen, calibration: split(0.908), accuracyPValue: 1e-9, seen: true };
const disturbed = {
  profileQuality: {
    load: 0.81,
    lost: 0.4,
    trust: "poor" as const,
    reasons: ["other work took 81 % of the processor"],
  },
};
const met = [
  ["outcome", "good"],
  ["useCase", "good"],
] as const;
const missed = [
  ["outcome", "bad"],
  ["useCase", "bad"],
] as const;
/** The summary's drop is then that of the halves. */
function crossFitted(crossFit: CrossFit): Changes {
  const { accuracyDropPp = 0.3, accuracyDropHalfWidthPp = 0.12 } = crossFit.pooled ?? {};
  return { summary: { crossFit, accuracyDropPp, accuracyDropHalfWidthPp } };
}

/** A backbone and a smaller network. */
const networks: Summary["networks"] = [
  ["ft_resnet56", "big", 1.57],
  ["ft_resnet20", "small", 0.5],
].map(([name, sha256, mean]) => ({
  name: String(name),
  sha256: String(sha256),
  accuracy: 0.9,
  accuracyInterval: [0.89, 0.91],
  latencyMs: { mean: Number(mean) },
  macs: 1000,
  parameters: 100,
  speedup: 1.57 / Number(mean),
}));
const smallOutput = { ...exit("scores"), member: "small", head: outputHead };

const sure = { maxDropPp: 1, confidence: 0.95 };

/**
 * One exit, 0.38 ms and a drop of 0.40 pp on the calibration split, 0.62 ms and 0.30 pp ± 0.12 pp on the test split, where
 * 0.50 pp are allowed; and what changes of that.
 */
export const situations: readonly Situation[] = [
  { name: "a plan that keeps to all", changes: {}, said: met, words: /2\.5x as fast/ },
  {
    name: "a miss on the test split alone, within chance",
    changes: { summary: { accuracyDropPp: 0.6 } },
    said: missed,
    words: /0\.10 pp off\. The miss is within the 95 % interval/,
  },
  {
    name: "a miss on the test split alone, beyond chance",
    changes: { summary: { accuracyDropPp: 0.8 } },
    said: missed,
    words: /0\.80 pp measured on the test split, 0\.30 pp off\.$/m,
  },
  {
    name: "a use case that nothing meets",
    changes: { useCase: { maxDropPp: undefined, maxLatencyMs: 0.3 }, feasible: false, chosenBy: "search" },
    said: missed,
    words: /The nearest plan has 0\.38 ms on the calibration split, 0\.080 ms off; 0\.62 ms measured/,
  },
  {
    name: "a plan of the person's own that misses",
    changes: { useCase: { maxDropPp: undefined, maxLatencyMs: 0.3 }, feasible: false, chosenBy: "person" },
    said: missed,
    words: /This plan has 0\.38 ms/,
  },
  {
    name: "two limits missed, one kept",
    changes: { useCase: { maxWorstMs: 1, maxP95Ms: 0.5 }, feasible: false },
    said: [...missed, ["useCase", "bad"]],
    words: /at most 0\.50 ms p95 latency wanted/,
  },
  {
    name: "a plan that is slower than the backbone",
    changes: { summary: { speedup: 0.8, accuracyDropPp: 0 } },
    said: [
      ["outcome", "bad"],
      ["useCase", "good"],
      ["loss", "bad"],
    ],
    words: /slower than the backbone/,
  },
  {
    name: "no faster and less accurate",
    changes: { summary: { speedup: 1.01 } },
    said: [
      ["outcome", "bad"],
      ["useCase", "good"],
      ["loss", "bad"],
    ],
    words: /no faster and less accurate than the backbone/,
  },
  {
    name: "the backbone alone",
    changes: { exits: [], summary: { speedup: 1, accuracyDropPp: 0 } },
    said: [
      ["outcome", "plain"],
      ["useCase", "good"],
    ],
    words: /no exits and is the backbone alone/,
  },
  {
    name: "a chain of two networks",
    changes: { exits: [smallOutput], chain: ["small", "big"], summary: { networks } },
    said: met,
    words: /^ft_resnet20 answers \d+ % of the inputs, ft_resnet56 the rest: 2\.5x as fast/,
  },
  {
    name: "a chain that is slower than the backbone",
    changes: {
      exits: [smallOutput],
      chain: ["small", "big"],
      summary: { networks, speedup: 0.8, accuracyDropPp: 0 },
    },
    said: [
      ["outcome", "bad"],
      ["useCase", "good"],
      ["loss", "bad"],
    ],
    words: /slower than the backbone\. Deploy the backbone instead/,
  },
  {
    name: "another network alone",
    changes: { exits: [], chain: ["small"], summary: { networks } },
    said: met,
    words: /^The plan has no exits and is ft_resnet20 alone: 2\.5x as fast/,
  },
  {
    name: "another network alone that is guaranteed",
    changes: { exits: [], chain: ["small"], useCase: sure, summary: { networks, guarantee: testGuarantee } },
    said: [...met, ["guarantee", "good"]],
    words: /drop ≤ 1\.00 pp is guaranteed with 95 % confidence/,
  },
  {
    name: "a guarantee",
    changes: { useCase: sure, summary: { guarantee: testGuarantee } },
    said: [...met, ["guarantee", "good"]],
    words: /guaranteed with 95 % confidence/,
  },
  {
    name: "a guarantee that no plan gets",
    changes: { useCase: sure, summary: { guarantee: { ...testGuarantee, holds: false, passed: 0 } } },
    said: [...met, ["guarantee", "warn"]],
    words: /comes without a guarantee/,
  },
  {
    name: "a guarantee that was wanted and not tested",
    changes: { useCase: sure },
    said: [...met, ["guarantee", "warn"]],
    words: /nothing is guaranteed of this plan/,
  },
  {
    name: "halves that took turns",
    changes: crossFitted(testCrossFit(0.45)),
    said: [...met, ["crossFit", "plain"]],
    words:
      /0\.45 pp ± 0\.20 pp less accurate by the cross-fitted estimate[\s\S]*all held-out images and by the cross-fitted estimate[\s\S]*each half of the 5.000 held-out images/,
  },
  {
    name: "halves that took turns and lost more than was allowed",
    changes: crossFitted(testCrossFit(0.8)),
    said: [...missed, ["crossFit", "warn"]],
    words:
      /met on all held-out images but missed by the cross-fitted estimate: .* 0\.80 pp by the cross-fitted estimate, 0\.30 pp off/,
  },
  {
    name: "a plan chosen on all held-out images of which nothing else is known",
    changes: crossFitted({ ...testCrossFit(0.4), halves: [], pooled: undefined }),
    said: [...met, ["crossFit", "warn"]],
    words: /less accurate on images that it was chosen on[\s\S]*none of them can say how accurate it is/,
  },
  {
    name: "heads that learn from images that the backbone has seen",
    changes: {
      summary: {
        trust: {
          ...unseen,
          train: {
            train: { samples: 20_000, accuracy: 0.999, confidence: 0.98 },
            test: split(0.868),
            accuracyPValue: 1e-12,
            confidencePValue: 1e-12,
            seen: true,
          },
        },
      },
    },
    said: [...met, ["trust", "plain"]],
    words:
      /\(right on 99\.9 %, 98\.0 % sure there; right on 86\.8 %, 90\.0 % sure on test images; p < 0\.001\)/,
  },
  {
    name: "calibration images that the backbone has seen",
    changes: { summary: { trust: seen } },
    said: [...met, ["trust", "warn"]],
    words: /90\.8.% on 5.000 there, 86\.8.% on 5.000 test images/,
  },
  {
    name: "classes of other shares",
    changes: { summary: { trust: { ...unseen, classSharesPValue: 1e-5, classSharesDiffer: true } } },
    said: [...met, ["trust", "warn"]],
    words: /other shares in the calibration split/,
  },
  {
    name: "a machine that changed",
    changes: { summary: { machineDriftPct: 25 } },
    said: [...met, ["drift", "warn"]],
    words: /\+25\.0 % at verification/,
  },
  {
    name: "a prediction that is off",
    changes: { summary: { latencyErrorPct: -15 } },
    said: [...met, ["latencyError", "warn"]],
    words: /\u221215\.0 % off the measured one/,
  },
  {
    name: "a file that decides otherwise",
    changes: { summary: { decisionAgreement: 0.99 } },
    said: [...met, ["agreement", "warn"]],
    words: /on 1\.00 % of the test samples/,
  },
  {
    name: "a front that is not proven",
    changes: { isProven: false },
    said: [...met, ["proof", "warn"]],
    words: /not proven/,
  },
  {
    name: "files left out, and a model with a warning",
    changes: {
      unreadable: ["<i>.png"],
      warnings: [{ code: "backbone-at-chance", text: "the backbone guesses" }],
    },
    said: [...met, ["warning", "warn"], ["unreadable", "warn"]],
    words: /The backbone guesses\.[\s\S]*left out: <i>\.png/,
  },
  {
    name: "weighted figures",
    changes: {
      summary: {
        weighted: {
          effectiveSamples: 4321,
          unweighted: {
            backbone: 0.93,
            plan: 0.92,
            accuracyDropPp: 1,
            accuracyDropHalfWidthPp: 0.2,
          },
        },
      },
    },
    said: [...met, ["weighting", "plain"]],
    words: /worth 4.321 equal samples/,
  },
  {
    name: "some of the test samples",
    changes: {
      summary: {
        verification: {
          samples: 400,
          available: 5000,
          speedupInterval: [2.4, 2.66],
          blocks: 50,
          leftOutBlocks: 0,
        },
      },
    },
    said: [...met, ["subset", "plain"]],
    words: /2\.53x \(2\.40 to 2\.66\) as fast[\s\S]*400 of the 5.000 test samples/,
  },
  {
    name: "a speed-up that may be none",
    changes: {
      summary: {
        speedup: 1.3,
        accuracyDropPp: 0,
        verification: {
          samples: 50,
          available: 50,
          speedupInterval: [0.9, 1.7],
          blocks: 50,
          leftOutBlocks: 0,
        },
      },
    },
    said: [
      ["outcome", "plain"],
      ["useCase", "good"],
    ],
    words: /as fast as the backbone on average, within chance: 1\.30x \(0\.90 to 1\.70\)/,
  },
  {
    name: "a plan through a network that was tuned",
    changes: {
      exits: [{ ...exit("a"), member: "tuned" }],
      chain: ["tuned"],
      chosenBy: "search",
      frozenMs: 0.785,
      summary: {
        networks: [
          networks[0],
          { ...networks[0], name: "ft_resnet56 tuned", sha256: "tuned", tunedFrom: "big" },
        ],
      },
    },
    said: [...met, ["tuned", "plain"]],
    // The backbone takes 1.57 ms.
    words:
      /It goes through ft_resnet56 tuned\. Without tuned networks the best plan is 2\.0x as fast as the backbone, this one 4\.1x, as predicted\./,
  },
  {
    name: "all that can go wrong",
    changes: {
      useCase: { ...sure, maxLatencyMs: 0.1 },
      feasible: false,
      chosenBy: "search",
      summary: {
        speedup: 0.5,
        accuracyDropPp: 2,
        trust: { ...seen, classSharesDiffer: true, classSharesPValue: 0 },
        machineDriftPct: -30,
        latencyErrorPct: 40,
        decisionAgreement: 0.5,
      },
      isProven: false,
      unreadable: ["a.png", "b.png"],
      warnings: [{ code: "backbone-at-chance", text: "the backbone guesses" }],
    },
    said: [
      ["outcome", "bad"],
      ["useCase", "bad"],
      ["useCase", "bad"],
      ["loss", "bad"],
      ["guarantee", "warn"],
      ["warning", "warn"],
      ["trust", "warn"],
      ["trust", "warn"],
      ["drift", "warn"],
      ["latencyError", "warn"],
      ["agreement", "warn"],
      ["proof", "warn"],
      ["unreadable", "warn"],
    ],
    words: /slower and less accurate/,
  },
  {
    name: "a profile that other work disturbed",
    changes: { summary: disturbed },
    said: [...met, ["profile-poor", "warn"]],
    words:
      /The profile is poor \(other work took 81 % of the processor\), so latencies and speed-ups may be far off\./,
  },
];

/** A run in which everything that a verdict is made from is the situation's; the rest is as it was. */
export function runIn<R extends Run>({ changes }: Situation, run: R): R {
  const {
    summary: changed,
    exits = [exit("a")],
    chain,
    feasible = true,
    chosenBy,
    isProven: proven = true,
    frozenMs,
  } = changes;
  const useCase = { latency: "mean" as const, maxDropPp: 0.5, ...changes.useCase };
  const plan = {
    ...verified().plan,
    chain,
    feasible,
    chosenBy,
    exits: exits.map((one) => ({ ...one, rate: 0.4 })),
  };
  const rest = {
    guarantee: undefined,
    trust: unseen,
    weighted: undefined,
    verification: undefined,
    ...verified(),
    ...changed,
  };
  const { summary, front, backbone } = run;
  const { recommended } = front;
  const ours = { ...recommended, exits, chain, figures: figures(0.93, 0.38), feasible };
  const frozen = frozenMs !== undefined && {
    ...front.searches[0],
    alone: [],
    recommended: { ...ours, exits: [], chain: undefined, figures: figures(0.93, frozenMs) },
  };
  const guarantee = rest.guarantee && { ...rest.guarantee, plain: recommended };
  return {
    ...run,
    backbone: { ...backbone, warnings: changes.warnings ?? [] },
    front: {
      ...front,
      useCase,
      guarantee,
      crossFit: rest.crossFit,
      backbone: { ...front.backbone, accuracy: 0.934 },
      recommended: ours,
      ...(frozen && { frozen }),
      searches: front.searches.map((search) => ({ ...search, proven })),
    },
    summary: {
      ...summary,
      ...rest,
      useCase,
      plan,
      search: { ...summary.search, proven },
      data: { ...summary.data, warnings: [], unreadable: changes.unreadable ?? [] },
    },
  };
}

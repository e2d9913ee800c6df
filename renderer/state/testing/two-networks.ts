import type { NetworkView, ProjectView } from "../../../shared/files/project-view.ts";
import type { TableView } from "../../../shared/ipc/channels.ts";
import { emptyDesign } from "../../../shared/model/design.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import { replaceDesign } from "../design-store.ts";
import { updateLive } from "../live-store.ts";
import { useProject } from "../project-store.ts";

/** For tests: a latency of which only the mean counts. */
const ms = (meanMs: number): Latency => ({ medianMs: meanMs, meanMs, p5Ms: 0, p95Ms: 0, count: 1 });

/** For tests: a network with one head halfway. */
function network(name: string, wholeMs: number): NetworkView {
  const backbone = {
    name,
    sha256: name,
    graphSha256: `${name}-graph`,
    cutPoints: [{ tensor: "half", index: 0, macs: 50 * wholeMs }],
    nodes: [],
    output: { name: "scores", classes: 2 },
    macs: 100 * wholeMs,
    parameterBytes: 1000 * wholeMs,
    peakActivationBytes: 10 * wholeMs,
  };
  const heads = [{ cutPoint: "half", kind: "linear", macs: 1, bytes: 8, temperature: 1 }];
  return { backbone, heads, preprocess: null, outputs: [] } as unknown as NetworkView;
}

const latencies = (wholeMs: number) => ({
  backbone: ms(wholeMs),
  final: ms(wholeMs),
  prefixes: [{ cutPoint: "half", ...ms(wholeMs / 2) }],
  heads: [{ cutPoint: "half", head: "linear", policy: "top1", ...ms(0.25) }],
});

function table(confidence: readonly number[], correct: readonly number[]): TableView {
  const [exits, samples] = [1, 4];
  return {
    policy: "top1",
    exits,
    samples,
    confidence: Float32Array.from(confidence),
    correct: Uint8Array.from(correct),
  };
}

const big = network("big", 8);
const small = network("small", 2);

/** For tests: knows both networks; `big` takes 8 ms, `small` 2 ms and half a millisecond to bring the image to it. */
export const bothTimed = {
  id: "both",
  target: { device: "this" },
  ...latencies(8),
  members: [{ graphSha256: "small-graph", name: "small", entry: ms(0.5), ...latencies(2) }],
} as unknown as Profile;

/** For tests: knows `big` alone. */
export const bigTimed: Profile = { ...bothTimed, id: "one", members: undefined };

/** For tests: a trained project of the networks `big` and `small`, on four samples. */
export const twoNetworks = {
  ...big,
  name: "two",
  members: [small],
  policies: ["top1"],
  samples: 4,
  profiles: [bothTimed, bigTimed],
  references: [],
  searches: [],
  runs: [],
  plans: [],
  front: null,
} as unknown as ProjectView;

/** For tests: the same project with what was tuned from `big`, of its graph and its answers. */
export const withTunedBig = {
  ...twoNetworks,
  members: [
    small,
    { ...big, backbone: { ...big.backbone, sha256: "big-tuned", name: "big tuned" }, tunedFrom: "big" },
  ],
  profiles: [
    { ...bothTimed, graphSha256: "big-graph" },
    { ...bigTimed, graphSha256: "big-graph" },
  ],
} as unknown as ProjectView;

/** For tests: head and output of each network, per sample; `big` is right on three, `small` on two. */
export const bothTables = {
  tables: new Map([["top1", table([0.9, 0.1, 0.1, 0.1, 1, 1, 1, 1], [1, 1, 0, 0, 1, 1, 1, 0])]]),
  memberTables: new Map([
    ["small", new Map([["top1", table([0.2, 0.2, 0.9, 0.2, 0.9, 0.4, 1, 0.3], [0, 0, 1, 0, 1, 0, 1, 0])]])],
  ]),
};

/** For tests: opens it with nothing designed. What was tuned from `big` answers as that does. */
export function showTwoNetworks(project: ProjectView = twoNetworks): void {
  const { tables, memberTables } = bothTables;
  useProject.setState({ project, tables, memberTables: new Map([...memberTables, ["big-tuned", tables]]) });
  replaceDesign({ ...emptyDesign, target: project.profiles[0].id });
  updateLive();
}

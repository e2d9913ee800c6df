import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "../../../shared/base/job.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { makeScratchFolder } from "../../disk/scratch-folder.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { renameFragment } from "../onnx/compose.ts";
import { type GraphIndex, indexGraph } from "../onnx/graph-index.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { interquartileMean } from "./statistics.ts";

const runs = 15;
const warmUpRuns = 5;

interface TraceEvent {
  readonly cat?: string;
  readonly name?: string;
  /** Microseconds. */
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/**
 * Mean time per operator from ONNX Runtime's own profiler, mapped back to the model's nodes. The runtime fuses nodes
 * and names the result after a node or an output of theirs, so both carry the node's number here.
 */
export async function profileNodes(
  { proto, summary }: Backbone,
  image: Record<string, RuntimeTensor>,
  options: TargetOptions,
  job: Job,
): Promise<Profile["nodes"]> {
  const index = indexGraph(proto.graph);
  const folder = await makeScratchFolder("profile");
  try {
    const bytes = encodeModel(numberedModel(proto, index));
    const session = await openSession(bytes, { ...options, profilePrefix: join(folder, "trace") });
    try {
      for (let run = 0; run < warmUpRuns + runs; run++) {
        await session.run(image);
        await job.pause();
      }
    } finally {
      session.endProfiling();
      await session.release();
    }
    const [file] = await readdir(folder);
    const times = meanTimes(JSON.parse(await readFile(join(folder, file), "utf8")), index);
    const shown = new Set(summary.nodes.map(({ name }) => name));
    return [...times].flatMap(([number, meanMs]) => {
      const { name } = index.nodes[number];
      return shown.has(name) ? [{ node: name, meanMs }] : [];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function numberedModel(proto: GraphModel, index: GraphIndex): GraphModel {
  const { graph } = proto;
  const rename = (tensor: string) => {
    const number = index.producer.get(tensor);
    return number === undefined ? tensor : `#${number}#${index.nodes[number].output.indexOf(tensor)}`;
  };
  const { nodes } = renameFragment({ nodes: graph.node, initializers: [] }, rename);
  return {
    ...proto,
    graph: {
      ...graph,
      node: nodes.map((node, number) => ({ ...node, name: `#${number}#` })),
      output: graph.output.map((output) => ({ ...output, name: rename(output.name) })),
      valueInfo: [],
      quantizationAnnotation: [],
    },
  };
}

/** Interquartile mean of the kernel times per node number, ms; the warm-up runs, which come first for every kernel, are left out. */
function meanTimes(events: readonly TraceEvent[], index: GraphIndex): Map<number, number> {
  const kernels = new Map<string, { durations: number[]; operator: string }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== "Node" || !name?.endsWith("_kernel_time") || dur === undefined) continue;
    const kernel = kernels.get(name);
    if (kernel) kernel.durations.push(dur);
    else kernels.set(name, { durations: [dur], operator: args?.op_name ?? "" });
  }
  const total = new Map<number, number>();
  for (const [name, { durations, operator }] of kernels) {
    const number = /#(\d+)#/.exec(name)?.[1];
    if (number === undefined) continue;
    const node = fusedNode(index, Number(number), operator);
    const meanMs = interquartileMean(durations.slice(warmUpRuns)) / 1000;
    total.set(node, (total.get(node) ?? 0) + meanMs);
  }
  return total;
}

/** Of nodes fused into one kernel, which has the last one's name, the one whose operator the kernel has. */
function fusedNode(index: GraphIndex, named: number, operator: string): number {
  for (let number: number | undefined = named; number !== undefined; ) {
    if (index.nodes[number].opType === operator) return number;
    number = index.producer.get(index.nodes[number].input[0]);
  }
  return named;
}

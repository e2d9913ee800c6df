import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Profile } from "../../../shared/domain/profile.ts";
import type { Job } from "../../../shared/job.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import type { TargetOptions } from "./target.ts";

const runs = 15;
const warmUpRuns = 5;

interface TraceEvent {
  readonly cat?: string;
  readonly name?: string;
  /** Microseconds. */
  readonly dur?: number;
}

/**
 * Mean time per operator from ONNX Runtime's own profiler, mapped back to the model's nodes. The runtime fuses and
 * renames nodes, so each is given a numbered name first; a fused one counts for the first node whose number it bears.
 */
export async function profileNodes(
  { proto, summary }: Backbone,
  image: Record<string, RuntimeTensor>,
  options: TargetOptions,
  job: Job,
): Promise<Profile["nodes"]> {
  const node = proto.graph!.node.map((item, index) => ({ ...item, name: `#${index}#` }));
  const numbered = { ...proto, graph: { ...proto.graph!, node } };
  const folder = await mkdtemp(join(tmpdir(), "offramp-profile-"));
  try {
    const session = await openSession(encodeModel(numbered), {
      ...options,
      profilePrefix: join(folder, "trace"),
    });
    for (let run = 0; run < warmUpRuns + runs; run++) {
      await session.run(image, [summary.output.name]);
      await job.pause();
    }
    session.endProfiling();
    await session.release();
    const [file] = await readdir(folder);
    const events: TraceEvent[] = JSON.parse(await readFile(join(folder, file), "utf8"));
    const names = new Map(summary.nodes.map(({ name, outputs }) => [outputs[0].name, name]));
    return meanTimes(events, proto.graph!.node.length).flatMap((meanMs, index) => {
      const name = names.get(proto.graph!.node[index].output[0]);
      return name !== undefined && meanMs > 0 ? [{ node: name, meanMs }] : [];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Mean kernel time per node number, ms; the warm-up runs, which come first for every kernel, are left out. */
function meanTimes(events: readonly TraceEvent[], nodes: number): number[] {
  const times = new Map<string, number[]>();
  for (const { cat, name, dur } of events) {
    if (cat !== "Node" || !name?.endsWith("_kernel_time") || dur === undefined) continue;
    const list = times.get(name);
    if (list) list.push(dur);
    else times.set(name, [dur]);
  }
  const total = new Array<number>(nodes).fill(0);
  for (const [name, durations] of times) {
    const number = /#(\d+)#/.exec(name)?.[1];
    if (number === undefined) continue;
    const counted = durations.slice(warmUpRuns);
    total[Number(number)] += counted.reduce((sum, duration) => sum + duration, 0) / counted.length / 1000;
  }
  return total;
}

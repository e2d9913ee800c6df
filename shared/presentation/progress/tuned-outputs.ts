import { type NetworkView, networkViews, outputQuality, type ProjectView } from "../../files/project-view.ts";
import { outputHead } from "../../model/plan.ts";

/** An output of a tuned network beside the same one of the network that it was tuned from. */
export interface TunedOutput {
  /** Null: the network's own output. */
  readonly cutPoint: string | null;
  readonly head: string | null;
  /** On the test split, 0-1; undefined where the other network has no such exit. */
  readonly before: number | undefined;
  readonly after: number;
}

/** Outputs of a tuned network in its order, its own last; none of a network that wasn't tuned here. */
export function tunedOutputs(
  project: ProjectView,
  { tunedFrom, backbone, outputs }: NetworkView,
): TunedOutput[] {
  const origin = networkViews(project).find((network) => network.backbone.sha256 === tunedFrom);
  if (!origin) return [];
  return outputs.map(({ cutPoint, head, accuracy }) => {
    const place = { cutPoint: cutPoint ?? backbone.output.name, head: head ?? outputHead };
    return { cutPoint, head, before: outputQuality(origin, place)?.accuracy, after: accuracy };
  });
}

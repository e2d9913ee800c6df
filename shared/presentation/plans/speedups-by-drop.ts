import type { FrontFile } from "../../files/front-file.ts";
import type { SpeedupsAtDrop } from "../../files/summary.ts";
import { ROUNDING } from "../../model/constraints.ts";
import type { NetworkTitles } from "../words/network-titles.ts";

/** Drops that plans with and without tuned networks are compared at, percentage points. */
const comparedDropsPp = [0, 0.2, 0.5, 1] as const;

/** A static network or a plan, on the samples and the target of a front. */
interface Point {
  readonly accuracy: number;
  /** The latency that the front's use case refers to, ms. */
  readonly latencyMs: number;
}

/**
 * What plans attain without tuned networks, what they attain with them, and what static networks do, all against the backbone
 * as it came.
 * @returns nothing of a front without tuned networks
 */
export function speedupsByDrop(front: FrontFile, titles: NetworkTitles): SpeedupsAtDrop[] {
  const { frozen, searches, backbone } = front;
  if (!frozen) return [];
  const rivals = staticNetworks(front, titles);
  // A plan without exits states its confidence for nobody: the backbone as it came does the same in less time.
  const speedup = (plans: readonly Point[], least: number) =>
    Math.max(1, backbone.latencyMs / (fastest(plans, least)?.latencyMs ?? Number.POSITIVE_INFINITY));
  return comparedDropsPp.map((dropPp) => {
    const least = backbone.accuracy - dropPp / 100 - ROUNDING;
    const rival = fastest(rivals, least);
    return {
      dropPp,
      frozen: speedup(frozen.front, least),
      tuned: speedup(searches.at(0)?.front ?? [], least),
      rival: rival && { name: rival.name, speedup: backbone.latencyMs / rival.latencyMs },
    };
  });
}

/** Reference models, and the project's further networks as they came, each by itself. */
function staticNetworks(
  { frozen, references = [], useCase }: FrontFile,
  titles: NetworkTitles,
): (Point & { readonly name: string })[] {
  const alone = frozen?.alone ?? [];
  return [
    ...alone.map(({ chain, accuracy, latencyMs }) => ({
      name: titles.whole(chain?.at(-1)),
      accuracy,
      latencyMs,
    })),
    ...references.map(({ name, accuracy, latencyMs }) => ({
      name,
      accuracy,
      latencyMs: latencyMs[useCase.latency],
    })),
  ];
}

function fastest<Own extends Point>(points: readonly Own[], least: number): Own | undefined {
  return points
    .filter(({ accuracy }) => accuracy >= least)
    .reduce<Own | undefined>(
      (best, own) => (best && best.latencyMs <= own.latencyMs ? best : own),
      undefined,
    );
}

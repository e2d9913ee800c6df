import { hypervolume } from "../pareto/hypervolume.ts";
import type { FrontFile } from "./front-file.ts";

/**
 * What a front over two targets implies for the device alone: the first search's plans that need no server. The other
 * algorithms' are left out, as only those are known that no partitioned plan beats, and so are those without tuned networks.
 * @returns the front itself if it is of one target
 */
export function deviceFront(front: FrontFile): FrontFile {
  const { offload, frozen: _, reference, ...rest } = front;
  if (!offload) return front;
  const [{ proven, ...search }] = front.searches;
  const { alone } = offload;
  return {
    ...rest,
    reference,
    searches: [
      {
        ...search,
        proven,
        gap: proven ? 0 : undefined,
        front: alone,
        hypervolume: hypervolume(alone, reference),
      },
    ],
  };
}

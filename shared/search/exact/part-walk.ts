import { sweptMeasure } from "../../evaluate/latency-measure.ts";
import type { SearchShare } from "../engine/deal-shares.ts";
import type { Asking, SearchContext } from "../engine/search-algorithm.ts";
import { partKey, type SearchPart } from "../engine/search-progress.ts";
import { findPrice } from "./find-price.ts";
import type { Branch, PlanTree } from "./plan-tree.ts";
import { createPricedWalk } from "./priced-walk.ts";
import type { TreeWalk } from "./tree-walk.ts";

/** How the plans of more than two exits are searched part by part. */
export interface PartWalk {
  /** What is searched in one go and noted as done. */
  partOf(branch: Branch): SearchPart;
  /** Asks for all plans of a share of the search. */
  visit(share: SearchShare): Asking;
}

/** A price makes one sum of accuracy and mean latency, near the one plan that is wanted; otherwise bounds are lines. */
export function createPartWalk(context: SearchContext, tree: PlanTree, walk: TreeWalk): PartWalk {
  const isPriced = context.goal === "best" && sweptMeasure(context.useCase) === "mean";
  return isPriced ? pricedParts(context, tree) : boundedParts(context, walk);
}

/** A part per first exit, as bounds go from one of its levels to the next. */
function pricedParts(context: SearchContext, tree: PlanTree): PartWalk {
  const { frontier, progress } = context;
  const priced = createPricedWalk(context, tree);
  return {
    partOf: ({ child }) => ({ candidate: child.exits[0].candidate }),
    *visit({ exits, parts }) {
      frontier.priceMs ??= yield* findPrice(context);
      for (const part of parts) {
        yield* priced.visit(part.candidate, exits, frontier.priceMs);
        progress.finish(part);
      }
    },
  };
}

/** A part per level of each first exit. */
function boundedParts({ progress }: SearchContext, walk: TreeWalk): PartWalk {
  const partOf = ({ child }: Branch): SearchPart => {
    const { candidate, level } = child.exits[0];
    return { candidate, level };
  };
  return {
    partOf,
    *visit({ exits, parts }) {
      const branches = yield* walk.firstBranches(new Set(parts.map(({ candidate }) => candidate)));
      const byPart = new Map(branches.map((branch) => [partKey(partOf(branch)), branch]));
      for (const part of parts) {
        const branch = byPart.get(partKey(part));
        if (branch) yield* walk.visitBranch(branch, exits);
        progress.finish(part);
      }
    },
  };
}

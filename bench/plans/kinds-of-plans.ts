import os from "node:os";
import { searchOnThreads } from "../../electron/engine/search/search-on-threads.ts";
import { silentJob } from "../../shared/base/job.ts";
import { outputHead } from "../../shared/model/plan.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { startDesignSearch } from "../../shared/search/designs/search-designs.ts";
import type { SearchResult } from "../../shared/search/engine/run-search.ts";
import type { SearchGoal } from "../../shared/search/engine/search-target.ts";
import { exact } from "../../shared/search/exact/exact.ts";
import type { DesignSpace } from "../../shared/space/design-space.ts";

/** Plans that are compared with others, with all that they may use. */
export interface KindOfPlans {
  readonly name: string;
  /** @param all the spaces of all chains, the backbone alone first */
  spaces(all: readonly DesignSpace[]): readonly DesignSpace[];
}

/** What chains of networks are compared with; the last kind holds all others. */
export const chainKinds: readonly KindOfPlans[] = [
  { name: "exits alone", spaces: (all) => all.slice(0, 1) },
  {
    name: "static networks",
    spaces: (all) => all.filter(({ chain = [""] }) => chain.length === 1).map(withoutHeads),
  },
  { name: "chains without exits", spaces: (all) => all.map(withoutHeads) },
  { name: "chains with exits", spaces: (all) => all },
];

function withoutHeads(on: DesignSpace): DesignSpace {
  const candidates = on.space.candidates.filter(({ head }) => head === outputHead);
  return { ...on, space: { ...on.space, candidates } };
}

export interface TimedSearch extends SearchResult {
  readonly seconds: number;
}

/** Exact search on all cores. @param limitSeconds after which it says what is left */
export async function searchExactly(
  spaces: readonly DesignSpace[],
  goal: SearchGoal,
  useCase: UseCase,
  limitSeconds: number,
): Promise<TimedSearch> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const search = startDesignSearch({
    spaces,
    algorithm: exact,
    start: searchOnThreads(os.availableParallelism()),
    useCase,
    goal,
    budget: Number.POSITIVE_INFINITY,
    seed: 1,
  });
  await search.advance({ ...silentJob, isTimeUp: () => seconds() > limitSeconds });
  return { ...search.result(), seconds: seconds() };
}

import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import type { Random } from "../../base/random.ts";
import type { Sweep, SweepResult } from "../../evaluate/sweep.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { ThresholdGrid } from "../../space/threshold-grid.ts";
import type { Admission } from "./admission.ts";
import type { SearchShare } from "./deal-shares.ts";
import type { SearchPart, SearchProgress } from "./search-progress.ts";
import type { BoundLine, SearchGoal, SearchTarget } from "./search-target.ts";

/** What a search algorithm says about the plans that it hasn't seen. */
export interface Frontier {
  /** No such plan is better than one of these lines allows. An algorithm that bounds nothing leaves it alone. */
  lines?: () => readonly BoundLine[];
  /** The parts that are left to several if they search together, by falling upper bound, once they are known. */
  parts?: readonly SearchPart[];
  /** What it reckons accuracy to be worth, see `findPrice`; kept from one share of the search to the next. */
  priceMs?: number;
}

/** What a sweep takes before it visits the first sample, in samples visited. */
export const WORK_PER_SWEEP = 1000;

/** What a search algorithm works with. */
export interface SearchContext {
  /** On the front's axis, see `onAxis`. */
  readonly space: SearchSpace;
  readonly grid: ThresholdGrid;
  /** Level codes per candidate [candidates][samples]. */
  readonly codes: readonly Uint16Array[];
  readonly useCase: UseCase;
  /** Whom the use case's limits on how samples spread admit; nothing if all. */
  readonly admission?: Admission;
  readonly goal: SearchGoal;
  /** How many plans may be evaluated; may be infinite. */
  readonly budget: number;
  readonly random: Random;
  /** All plans told so far are in it before the algorithm is asked again. */
  readonly target: Omit<SearchTarget<unknown>, "offer" | "planAt" | "front">;
  readonly frontier: Frontier;
  /** What has been seen of the space, for an algorithm that goes through it part by part: it continues there. */
  readonly progress: SearchProgress;
  /** All that is to be searched, if several share the search. */
  readonly share?: SearchShare;
  /** Notes samples visited between two questions, so that pauses come in time all the same. */
  readonly noteWork: (samples: number) => void;
}

/** The plans to evaluate next, or nothing to evaluate but time to pause: work was done that had no question in it. */
export type Question = Sweep | "pause";

/** A search under way. Every sweep is answered by one `tell`, whose arrays hold until the next `ask`. */
export interface SearchRun {
  /** Nothing when the search has nothing more to ask. */
  ask(): Question | undefined;
  tell(result: SweepResult): void;
}

/**
 * A search as a coroutine: it yields what it asks, and continues with what it is told.
 * That keeps the state of a tree walk or an evolution in local variables.
 */
export type Asking<Returned = void> = Generator<Question, Returned, SweepResult>;

export interface SearchAlgorithm {
  readonly id: string;
  readonly title: string;
  /** Fields carry a default and a description: forms and CLI flags are made from them. */
  readonly options: z.ZodObject;
  /** Whether the front is proven complete once the search has nothing more to ask. */
  readonly exhaustive: boolean;
  /** @throws AppError 'usage' if the options don't fit the schema */
  create(context: SearchContext, options: unknown): SearchRun;
}

interface Definition<Options extends z.ZodObject> {
  readonly id: string;
  readonly title: string;
  readonly options: Options;
  readonly exhaustive: boolean;
  search(context: SearchContext, options: z.infer<Options>): Asking;
}

/** Makes a variant for the list of algorithms from a typed definition. */
export function defineAlgorithm<Options extends z.ZodObject>(
  definition: Definition<Options>,
): SearchAlgorithm {
  const { search, ...rest } = definition;
  return {
    ...rest,
    create(context, options) {
      const parsed = definition.options.safeParse(options);
      if (parsed.success) return askTell(search(context, parsed.data));
      throw new AppError("usage", `options of search '${definition.id}': ${z.prettifyError(parsed.error)}`);
    },
  };
}

function askTell(asking: Asking): SearchRun {
  let next = () => asking.next();
  return {
    ask: () => next().value ?? undefined,
    tell: (result) => {
      next = () => asking.next(result);
    },
  };
}

import { type Random, randomInteger, shuffle } from "../../base/random.ts";
import type { PlacedExit } from "../../evaluate/sweep.ts";
import { maxPlanBytes, planBytes } from "../../space/search-space.ts";
import type { SearchContext } from "./search-algorithm.ts";

/** A plan as the stochastic searches vary it: at least one exit, rising along the backbone, within the limits on size. */
export type Placement = readonly PlacedExit[];

export interface PlanVariation {
  /** A random number of exits at random positions, with random heads and levels. */
  draw(): Placement;
  /** One change: a new level, another place, one exit more or one less. */
  mutate(plan: Placement): Placement;
  /** One-point crossover: the exits of `a` before a random position, those of `b` from there on. */
  cross(a: Placement, b: Placement): Placement;
}

/** @returns undefined if no head at all fits the use case's limits on size */
export function createPlanVariation(context: SearchContext): PlanVariation | undefined {
  const { space, grid, random } = context;
  const maxBytes = maxPlanBytes(space, context.useCase);
  const fitting = [...space.candidates.keys()].filter((c) => planBytes(space, [c]) <= maxBytes);
  if (fitting.length === 0 || space.maxExits < 1) return undefined;
  const positions = [...new Set(fitting.map(positionOf))];

  function positionOf(candidate: number): number {
    return space.candidates[candidate].position;
  }

  function placeAnywhere(among: readonly number[]): PlacedExit {
    const candidate = pick(among, random);
    return { candidate, level: randomInteger(random, grid[candidate].length) };
  }

  /** Makes a plan of any exits: in order, one per position, and as many as allowed. */
  function repair(exits: readonly PlacedExit[]): Placement {
    const kept = exits
      .toSorted((a, b) => positionOf(a.candidate) - positionOf(b.candidate))
      .filter((exit, k, all) => k === 0 || positionOf(exit.candidate) > positionOf(all[k - 1].candidate));
    const bytes = () =>
      planBytes(
        space,
        kept.map((exit) => exit.candidate),
      );
    while (kept.length > space.maxExits || bytes() > maxBytes)
      kept.splice(randomInteger(random, kept.length), 1);
    return kept;
  }

  function draw(): Placement {
    const exits = 1 + randomInteger(random, Math.min(space.maxExits, positions.length));
    const chosen = shuffle([...positions], random).slice(0, exits);
    return repair(chosen.map((position) => placeAnywhere(fitting.filter((c) => positionOf(c) === position))));
  }

  const operators: readonly ((plan: Placement) => Placement)[] = [relevel, relevel, move, add, remove];

  /** Mostly a step or two along the grid, at times a leap. */
  function relevel(plan: Placement): Placement {
    return replaceOne(plan, ({ candidate, level }) => {
      const levels = grid[candidate].length;
      if (random() < 0.25) return { candidate, level: randomInteger(random, levels) };
      return { candidate, level: clamp(level + randomStep(random, 3), levels) };
    });
  }

  /** To a neighbouring candidate, at the level that lets about the same share leave. */
  function move(plan: Placement): Placement {
    return replaceOne(plan, ({ candidate, level }) => {
      const to = fitting[clamp(fitting.indexOf(candidate) + randomStep(random, 3), fitting.length)];
      const share = (level + 1) / grid[candidate].length;
      return { candidate: to, level: clamp(Math.round(share * grid[to].length) - 1, grid[to].length) };
    });
  }

  function add(plan: Placement): Placement {
    return [...plan, placeAnywhere(fitting)];
  }

  function remove(plan: Placement): Placement {
    return plan.length > 1 ? plan.toSpliced(randomInteger(random, plan.length), 1) : plan;
  }

  function replaceOne(plan: Placement, change: (exit: PlacedExit) => PlacedExit): Placement {
    const k = randomInteger(random, plan.length);
    return plan.with(k, change(plan[k]));
  }

  return {
    draw,
    mutate: (plan) => repair(pick(operators, random)(plan)),
    cross: (a, b) => {
      const border = pick(positions, random);
      const head = a.filter((exit) => positionOf(exit.candidate) < border);
      const tail = b.filter((exit) => positionOf(exit.candidate) >= border);
      return head.length + tail.length > 0 ? repair([...head, ...tail]) : a;
    },
  };
}

/** Two plans with the same key are the same plan. */
export function placementKey(plan: Placement): string {
  return plan.map(({ candidate, level }) => `${candidate}:${level}`).join(" ");
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[randomInteger(random, items.length)];
}

/** 1 to `max`, up or down. */
function randomStep(random: Random, max: number): number {
  const size = 1 + randomInteger(random, max);
  return random() < 0.5 ? -size : size;
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

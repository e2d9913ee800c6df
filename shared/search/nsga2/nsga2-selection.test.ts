import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../../base/random.ts";
import type { Losses } from "./non-dominated-sort.ts";
import { selectBest, tournament } from "./nsga2-selection.ts";

test("takes whole fronts, then the least crowded", () => {
  const points = [
    [0, 10],
    [10, 0],
    [5, 4],
    [6, 3.5], // between neighbours close by: the most crowded of the first front
    [8, 8], // behind
  ].map(([wrong, latencyMs]) => ({ wrong, latencyMs }));
  expect(selectBest(points, 3).map(({ wrong, rank }) => [wrong, rank])).toEqual([
    [0, 0],
    [10, 0],
    [5, 0],
  ]);
  expect(selectBest(points, 5).at(-1)).toMatchObject({ wrong: 8, rank: 1 });
});

// The problems of Zitzler, Deb and Thiele 2000, doi:10.1162/106365600568202, solved as in Deb et al. 2002: 30 variables in [0, 1], population
// 100, 250 generations, simulated binary crossover (0.9) and polynomial mutation (1 / variables), both with index 20.

const VARIABLES = 30;
const POPULATION = 100;
const GENERATIONS = 250;
const INDEX = 20;
/** Worst value of either objective that counts. */
const REFERENCE = 1.1;

interface Solution extends Losses {
  readonly x: readonly number[];
}

type Front = (f1: number, g: number) => number;

/** f2 of f1 and of g, which is 1 where the last 29 variables are 0. */
const problems: Record<string, Front> = {
  ZDT1: (f1, g) => g * (1 - Math.sqrt(f1 / g)),
  ZDT2: (f1, g) => g * (1 - (f1 / g) ** 2),
  ZDT3: (f1, g) => g * (1 - Math.sqrt(f1 / g) - (f1 / g) * Math.sin(10 * Math.PI * f1)),
};

function solve(front: Front, random: Random): readonly Losses[] {
  const evaluate = (x: readonly number[]): Solution => {
    const g = 1 + (9 * x.slice(1).reduce((sum, value) => sum + value, 0)) / (VARIABLES - 1);
    return { x, wrong: x[0], latencyMs: front(x[0], g) };
  };
  const founders = Array.from({ length: POPULATION }, () =>
    evaluate(Array.from({ length: VARIABLES }, () => random())),
  );
  let population = selectBest(founders, POPULATION);
  for (let generation = 1; generation < GENERATIONS; generation++) {
    const children: Solution[] = [];
    while (children.length < POPULATION) {
      const parents = [tournament(population, random).x, tournament(population, random).x] as const;
      for (const x of cross(...parents, random)) children.push(evaluate(mutate(x, random)));
    }
    population = selectBest([...population, ...children], POPULATION);
  }
  return population;
}

/** Simulated binary crossover within bounds, as in Deb's own program. */
function cross(a: readonly number[], b: readonly number[], random: Random): [number[], number[]] {
  const children: [number[], number[]] = [[...a], [...b]];
  if (random() >= 0.9) return children;
  for (let k = 0; k < VARIABLES; k++) {
    if (random() < 0.5 || Math.abs(a[k] - b[k]) < 1e-14) continue;
    const [low, high] = [Math.min(a[k], b[k]), Math.max(a[k], b[k])];
    const u = random();
    const spread = (room: number) => {
      const alpha = 2 - (1 + (2 * room) / (high - low)) ** -(INDEX + 1);
      return u <= 1 / alpha ? (u * alpha) ** (1 / (INDEX + 1)) : (1 / (2 - u * alpha)) ** (1 / (INDEX + 1));
    };
    const values = [
      clamp(0.5 * (low + high - spread(low) * (high - low))),
      clamp(0.5 * (low + high + spread(1 - high) * (high - low))),
    ];
    if (random() < 0.5) values.reverse();
    [children[0][k], children[1][k]] = values;
  }
  return children;
}

/** Polynomial mutation within bounds. */
function mutate(x: readonly number[], random: Random): number[] {
  return x.map((value) => {
    if (random() >= 1 / VARIABLES) return value;
    const u = random();
    const power = 1 / (INDEX + 1);
    if (u < 0.5) return clamp(value + (2 * u + (1 - 2 * u) * (1 - value) ** (INDEX + 1)) ** power - 1);
    return clamp(value + 1 - (2 * (1 - u) + 2 * (u - 0.5) * value ** (INDEX + 1)) ** power);
  });
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}

/** Area that points dominate below the reference in both objectives. */
function area(points: readonly Losses[]): number {
  let sum = 0;
  let lowest = REFERENCE;
  for (const { wrong, latencyMs } of points.toSorted((a, b) => a.wrong - b.wrong)) {
    if (wrong >= REFERENCE || latencyMs >= lowest) continue;
    sum += (REFERENCE - wrong) * (lowest - latencyMs);
    lowest = latencyMs;
  }
  return sum;
}

function trueArea(front: Front): number {
  return area(Array.from({ length: 100_001 }, (_, k) => ({ wrong: k / 1e5, latencyMs: front(k / 1e5, 1) })));
}

test("the true fronts have the areas that integration gives", () => {
  // Below 1.1 and above 1 - sqrt(x): 0.1 + 2/3 over the front, and a strip of 0.1 by 1.1 beside it; 1/3 with the square.
  expect(trueArea(problems.ZDT1)).toBeCloseTo(0.1 + 2 / 3 + 0.11, 3);
  expect(trueArea(problems.ZDT2)).toBeCloseTo(0.1 + 1 / 3 + 0.11, 3);
});

describe.each(Object.entries(problems))("%s", (_, front) => {
  test("is solved to 98 % of the true front's area", () => {
    const found = area(solve(front, seededRandom(1)));
    expect(found).toBeLessThanOrEqual(trueArea(front) + 1e-9);
    expect(found).toBeGreaterThan(0.98 * trueArea(front));
  });
});

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Random, randomInteger } from "../../shared/base/random.ts";

/** Kills processes at random, and keeps count. */
export class Killer {
  readonly #random: Random;
  readonly #meanMs: number;
  readonly #targets = new Map<string, Target>();
  readonly kills = new Map<string, number>();
  #isOver = false;

  /** @param meanMs between two kills */
  constructor(random: Random, meanMs: number) {
    this.#random = random;
    this.#meanMs = meanMs;
  }

  /**
   * @param name under which kills are counted
   * @param isSpared whether only its children may be killed
   */
  offer(name: string, pid: () => number | undefined, isSpared = false): void {
    this.#targets.set(name, { pid, isSpared });
  }

  /** How often a target or one of its children was killed so far. */
  killsOf(name: string): number {
    return (this.kills.get(name) ?? 0) + (this.kills.get(childOf(name)) ?? 0);
  }

  /** Goes on until it is stopped. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await delay(2 * this.#meanMs * this.#random());
      if (this.#isOver) return;
      const victims = [...this.#targets].flatMap(([name, target]) => victimsOf(name, target));
      if (victims.length === 0) continue;
      const { name, pid } = victims[randomInteger(this.#random, victims.length)];
      if (kill(pid)) this.kills.set(name, (this.kills.get(name) ?? 0) + 1);
    }
  }

  stop(): void {
    this.#isOver = true;
  }
}

interface Target {
  readonly pid: () => number | undefined;
  readonly isSpared: boolean;
}

function victimsOf(name: string, { pid, isSpared }: Target): { name: string; pid: number }[] {
  const own = pid();
  if (own === undefined) return [];
  const children = descendantsOf(own).map((child) => ({ name: childOf(name), pid: child }));
  return isSpared ? children : [{ name, pid: own }, ...children];
}

function childOf(name: string): string {
  return `child of ${name}`;
}

/** Linux only; elsewhere none are found. */
export function descendantsOf(pid: number): number[] {
  let children: number[];
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    children = list.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

export function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
    return false;
  }
}

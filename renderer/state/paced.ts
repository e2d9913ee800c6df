/** A window that shows something new has this many times as long for the person before the next. */
const restPerWork = 2;

/**
 * Hands on the latest of what comes under each key, only as often as the screen keeps up with it: a long chart that is
 * drawn anew with every message would leave the window no time for a click.
 */
export class Paced<Value> {
  readonly #take: (value: Value) => void;
  readonly #waiting = new Map<string, Value>();
  #isResting = false;

  constructor(take: (value: Value) => void) {
    this.#take = take;
  }

  give(key: string, value: Value): void {
    this.#waiting.set(key, value);
    if (!this.#isResting) this.#takeAll();
  }

  /** What still waits is no longer wanted. */
  drop(): void {
    this.#waiting.clear();
  }

  #takeAll(): void {
    this.#isResting = this.#waiting.size > 0;
    if (!this.#isResting) return;
    const started = performance.now();
    for (const value of this.#waiting.values()) this.#take(value);
    this.#waiting.clear();
    // A frame is drawn, and only then is it known what that took.
    requestAnimationFrame(() =>
      setTimeout(() => {
        setTimeout(() => this.#takeAll(), restPerWork * (performance.now() - started));
      }),
    );
  }
}

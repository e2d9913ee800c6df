import { AppError } from "../../../shared/base/errors.ts";

/** Requests that may run at once. The window itself has a handful. */
const maxRunning = 100;
/** Requests that may come at once after a quiet time. */
const burst = 250;
/** A panel's edge that is dragged asks sixty times a second. */
const perSecond = 100;

/**
 * Lets in as many requests as can be answered; a flood is refused at once, so that it takes neither memory nor the main process'
 * time.
 * @see the token bucket of RFC 2697
 */
export class Admission {
  readonly #now: () => number;
  #tokens = burst;
  #filledAt: number;

  /** @param now milliseconds that only grow */
  constructor(now: () => number) {
    this.#now = now;
    this.#filledAt = now();
  }

  /**
   * @param running requests that were let in and aren't answered
   * @throws AppError 'busy'
   */
  enter(running: number): void {
    const now = this.#now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    if (running >= maxRunning || this.#tokens < 1)
      throw new AppError("busy", "the window asks faster than it can be answered; try again in a moment");
    this.#tokens--;
  }
}

/** The page has this long to respond once it is asked to close. */
const answerLimitMs = 5_000;

export interface ClosingParts {
  /** Asks the page; it answers by `answered`, `refused` or `agreed`. */
  readonly ask: () => void;
  /** Whether there is a page that can answer. */
  readonly isAlive: () => boolean;
  /** @param isSettled whether the person saved or gave up what was unsaved */
  readonly close: (isSettled: boolean) => void;
}

/** The window closes when the page agrees, or when it doesn't answer. */
export class Closing {
  readonly #parts: ClosingParts;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  /** The person wants to close. */
  request(): void {
    clearTimeout(this.#timer);
    if (!this.#parts.isAlive()) {
      this.#parts.close(false);
      return;
    }
    this.#timer = setTimeout(() => this.#parts.close(false), answerLimitMs);
    this.#parts.ask();
  }

  /** The page is working on it: it asks the person, or saves. */
  answered(): void {
    clearTimeout(this.#timer);
  }

  agreed(): void {
    clearTimeout(this.#timer);
    this.#parts.close(true);
  }
}

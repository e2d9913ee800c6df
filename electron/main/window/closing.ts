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
  #asking: ((isClosed: boolean) => void)[] = [];

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  /** The person wants to close. @returns whether the window went, once that is decided */
  request(): Promise<boolean> {
    clearTimeout(this.#timer);
    const decided = new Promise<boolean>((resolve) => this.#asking.push(resolve));
    if (this.#parts.isAlive()) {
      this.#timer = setTimeout(() => this.#close(false), answerLimitMs);
      this.#parts.ask();
    } else this.#close(false);
    return decided;
  }

  /** The page is working on it: it asks the person, or saves. */
  answered(): void {
    clearTimeout(this.#timer);
  }

  /** The person wants to stay. */
  refused(): void {
    clearTimeout(this.#timer);
    this.#decide(false);
  }

  agreed(): void {
    this.#close(true);
  }

  #close(isSettled: boolean): void {
    clearTimeout(this.#timer);
    this.#parts.close(isSettled);
    this.#decide(true);
  }

  #decide(isClosed: boolean): void {
    const asking = this.#asking;
    this.#asking = [];
    for (const tell of asking) tell(isClosed);
  }
}

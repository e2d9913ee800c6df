export interface ListedWindow {
  readonly number: number;
  /** Whether it works on this project file, or is about to. */
  holds(path: string): boolean;
}

/** The open windows, and which of them the person used last. */
export class WindowList<Listed extends ListedWindow> {
  /** The one that was used last at the end. */
  #windows: readonly Listed[] = [];

  get all(): readonly Listed[] {
    return this.#windows;
  }

  get current(): Listed | undefined {
    return this.#windows.at(-1);
  }

  get numbers(): number[] {
    return this.#windows.map(({ number }) => number);
  }

  /** The person uses this one, which may be new. */
  use(window: Listed): void {
    this.#windows = [...this.but(window), window];
  }

  remove(window: Listed): void {
    this.#windows = this.but(window);
  }

  but(window: Listed): readonly Listed[] {
    return this.#windows.filter((other) => other !== window);
  }

  /** @param asking is none itself */
  holderOf(path: string, asking?: Listed): Listed | undefined {
    return this.#windows.find((window) => window !== asking && window.holds(path));
  }
}

/** What the preload script puts on `window.offramp`: strings and data in, data out, no more. */
export interface Bridge {
  /** @returns the outcome, to be parsed by the channel's schema */
  invoke(channel: string, call: string, request: unknown): Promise<unknown>;
  cancel(call: string): void;
  /** @returns a function that ends the subscription */
  on(event: string, listener: (payload: unknown) => void): () => void;
  /** Grants and names a file or folder that was dropped on the window; null if it has no path. */
  dropped(file: unknown): string | null;
}

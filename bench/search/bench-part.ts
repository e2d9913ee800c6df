/** What a part says: figures for the JSON object, and lines for people. */
export interface BenchReport {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

export interface BenchOptions {
  /** Of the tables, and of the first search. */
  readonly seed: number;
  /** How many searches a median is of, where there are medians. */
  readonly seeds: number;
  readonly quick: boolean;
  /** Where to draw what can be drawn. */
  readonly svg?: string;
}

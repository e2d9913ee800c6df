import { formatConfidence } from "../../shared/presentation/words/describe-guarantee.ts";

export const latencyChoices = [
  { value: "mean", label: "Mean" },
  { value: "p50", label: "Median" },
  { value: "p95", label: "95th percentile" },
] as const;

/** What is offered; a project may bring another one. */
const offeredConfidences = [0.9, 0.95, 0.99];

export function confidenceChoices(current: number | undefined) {
  const all = new Set([...offeredConfidences, ...(current === undefined ? [] : [current])]);
  return [
    { value: "", label: "None" },
    ...[...all]
      .sort((a, b) => a - b)
      .map((confidence) => ({
        value: String(confidence),
        label: `With ${formatConfidence(confidence)} confidence`,
      })),
  ];
}

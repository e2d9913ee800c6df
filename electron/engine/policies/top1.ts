import { reduceNodes } from "../onnx/graph-builder.ts";
import type { ExitPolicy } from "./exit-policy.ts";

/** The largest softmax probability (Hendrycks, Gimpel 2017, arXiv 1610.02136). */
export const top1: ExitPolicy = {
  id: "top1",
  title: "Top-1 softmax",
  confidence: (probabilities) => probabilities.reduce((best, p) => (p > best ? p : best), 0),
  nodes: ({ probabilities, confidence, opset }) => reduceNodes("ReduceMax", probabilities, confidence, opset),
};

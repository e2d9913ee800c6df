import type { Operator } from "../python/operator.ts";

/** More of them make no line that a person reads, nor one that Python does. */
const mostInputs = 256;

/** All inputs of an operator that takes any number of them. */
export function inputsOf(operator: Operator): string[] {
  const { inputs } = operator;
  if (inputs === 0 || inputs > mostInputs)
    throw operator.refusal(`it has ${inputs} inputs, expected 1 to ${mostInputs}`);
  return Array.from({ length: inputs }, (_, input) => operator.input(input));
}

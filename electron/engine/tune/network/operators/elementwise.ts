import type { Operator, WriteOperator } from "../python/operator.ts";
import { pythonCall, pythonNumber } from "../python/python-text.ts";

const unary =
  (callee: string): WriteOperator =>
  (operator) =>
    `${callee}(${operator.input(0)})`;

const infix =
  (sign: string): WriteOperator =>
  (operator) =>
    `${operator.input(0)} ${sign} ${operator.input(1)}`;

/** Of two or more. */
const among =
  (callee: string): WriteOperator =>
  (operator) =>
    inputsOf(operator).reduce((one, other) => `${callee}(${one}, ${other})`);

const withAlpha =
  (callee: string, usual: number): WriteOperator =>
  (operator) =>
    pythonCall(callee, [operator.input(0), pythonNumber(operator.float("alpha", usual))]);

const unchanged: WriteOperator = (operator) => operator.input(0);

/** What computes each number from those at the same place. */
export const elementwise: Readonly<Record<string, WriteOperator>> = {
  Abs: unary("torch.abs"),
  Erf: unary("torch.erf"),
  Exp: unary("torch.exp"),
  HardSwish: unary("F.hardswish"),
  Log: unary("torch.log"),
  Mish: unary("F.mish"),
  Neg: unary("torch.neg"),
  Reciprocal: unary("torch.reciprocal"),
  Relu: unary("F.relu"),
  Selu: unary("F.selu"),
  Sigmoid: unary("torch.sigmoid"),
  Softplus: unary("F.softplus"),
  Softsign: unary("F.softsign"),
  Sqrt: unary("torch.sqrt"),
  Tanh: unary("torch.tanh"),
  Identity: unchanged,
  // As in the deployed network, where nothing is dropped.
  Dropout: unchanged,

  LeakyRelu: withAlpha("F.leaky_relu", 0.01),
  Elu: withAlpha("F.elu", 1),
  Celu: withAlpha("F.celu", 1),
  HardSigmoid: (operator) => {
    const [slope, offset] = [operator.float("alpha", 0.2), operator.float("beta", 0.5)];
    if (Math.abs(slope - 1 / 6) < 1e-6 && offset === 0.5) return `F.hardsigmoid(${operator.input(0)})`;
    return `(${operator.input(0)} * ${pythonNumber(slope)} + ${pythonNumber(offset)}).clamp(0, 1)`;
  },
  Gelu: (operator) =>
    pythonCall("F.gelu", [operator.input(0)], {
      approximate: operator.text("approximate", "none") === "tanh" ? '"tanh"' : undefined,
    }),
  Clip: (operator) => {
    const limit = (name: "min" | "max", input: number) => {
      const value = operator.numbers(input)?.[0] ?? operator.float(name, Number.NaN);
      if (operator.has(input) && operator.numbers(input) === undefined)
        throw operator.refusal("its limits are computed by the network");
      return Number.isNaN(value) || Math.abs(value) > 1e38 ? undefined : pythonNumber(value);
    };
    const [min, max] = [limit("min", 1), limit("max", 2)];
    if (min === undefined && max === undefined) return operator.input(0);
    if (min === "0" && max === "6") return `F.relu6(${operator.input(0)})`;
    return pythonCall("torch.clamp", [operator.input(0)], { min, max });
  },

  Add: infix("+"),
  Sub: infix("-"),
  Mul: infix("*"),
  Div: infix("/"),
  Pow: infix("**"),
  Sum: (operator) => inputsOf(operator).join(" + "),
  Mean: (operator) => `(${inputsOf(operator).join(" + ")}) / ${operator.inputs}`,
  Max: among("torch.maximum"),
  Min: among("torch.minimum"),

  Cast: (operator) => {
    const way = casts[operator.int("to", 0)];
    if (!way) throw operator.refusal("it casts to a type that a trained network has no use for");
    return `${operator.input(0)}.${way}()`;
  },
};

/** By number of the element type: float32, int64, float16, float64. */
const casts: Readonly<Record<number, string>> = { 1: "float", 7: "long", 10: "half", 11: "double" };

function inputsOf(operator: Operator): string[] {
  return Array.from({ length: operator.inputs }, (_, input) => operator.input(input));
}

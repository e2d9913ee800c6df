import { isFloatType } from "../graph/stored-tensor.ts";
import type { Operator, WriteOperator } from "../python/operator.ts";
import { pythonCall, pythonNumber } from "../python/python-text.ts";
import { inputsOf } from "./inputs-of.ts";

const unary =
  (callee: string): WriteOperator =>
  (operator) =>
    `${callee}(${operator.input(0)})`;

const infix =
  (sign: string): WriteOperator =>
  (operator) =>
    `${operator.input(0)} ${sign} ${operator.input(1)}`;

/** The largest or the least of two or more, of which some may be numbers. */
const among =
  (callee: string, limit: "min" | "max"): WriteOperator =>
  (operator) => {
    const inputs = inputsOf(operator);
    const computed = inputs.filter((input) => !isNumber(input));
    const limits = inputs.filter(isNumber).map((number) => `.clamp(${limit}=${number})`);
    return computed.reduce((one, other) => `${callee}(${one}, ${other})`) + limits.join("");
  };

function isNumber(text: string): boolean {
  return !/^[a-z]\w*(?:$|\.)/i.test(text);
}

const withAlpha =
  (callee: string, usual: number): WriteOperator =>
  (operator) =>
    pythonCall(callee, [operator.input(0), pythonNumber(operator.float("alpha", usual))]);

/** What computes each number from those at the same place. */
export const elementwise: Readonly<Record<string, WriteOperator>> = {
  Abs: unary("torch.abs"),
  Cos: unary("torch.cos"),
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
  // Recognised: ONNX has no such operator.
  Silu: unary("F.silu"),
  Sin: unary("torch.sin"),
  Softplus: unary("F.softplus"),
  Softsign: unary("F.softsign"),
  Sqrt: unary("torch.sqrt"),
  Tanh: unary("torch.tanh"),
  LeakyRelu: withAlpha("F.leaky_relu", 0.01),
  ThresholdedRelu: (operator) =>
    pythonCall("F.threshold", [operator.input(0), pythonNumber(operator.float("alpha", 1)), "0"]),
  Elu: withAlpha("F.elu", 1),
  Celu: withAlpha("F.celu", 1),
  HardSigmoid: (operator) => {
    const [slope, offset] = [operator.float("alpha", 0.2), operator.float("beta", 0.5)];
    if (Math.abs(slope - 1 / 6) < 1e-6 && Math.abs(offset - 0.5) < 1e-6)
      return `F.hardsigmoid(${operator.input(0)})`;
    return `(${operator.input(0)} * ${pythonNumber(slope)} + ${pythonNumber(offset)}).clamp(0, 1)`;
  },
  Gelu: (operator) =>
    pythonCall("F.gelu", [operator.input(0)], {
      approximate: operator.text("approximate", "none") === "tanh" ? '"tanh"' : undefined,
    }),
  Clip: (operator) => {
    const limit = (name: "min" | "max", input: number) => {
      const value = operator.numbers(input)?.[0];
      if (operator.has(input) && value === undefined)
        throw operator.refusal("its limits are computed by the network");
      const limited = value ?? operator.float(name, Number.NaN);
      return Number.isNaN(limited) || Math.abs(limited) > 1e38 ? undefined : pythonNumber(limited);
    };
    const [min, max] = [limit("min", 1), limit("max", 2)];
    if (min === undefined && max === undefined) return operator.input(0);
    if (min === "0" && max === "6") return `F.relu6(${operator.input(0)})`;
    return pythonCall("torch.clamp", [operator.input(0)], { min, max });
  },

  Add: infix("+"),
  Sub: infix("-"),
  Mul: (operator) => [0, 1].map((input) => factor(operator, input)).join(" * "),
  Div: infix("/"),
  Pow: (operator) => {
    const [base, power] = [operator.input(0), operator.input(1)];
    return isNumber(base) ? `torch.pow(${base}, ${power})` : `${base} ** ${power}`;
  },
  Sum: (operator) => inputsOf(operator).join(" + "),
  Mean: (operator) => `(${inputsOf(operator).join(" + ")}) / ${operator.inputs}`,
  Max: among("torch.maximum", "min"),
  Min: among("torch.minimum", "max"),

  Cast: (operator) => {
    const way = casts[operator.int("to", 0)];
    if (!way) throw operator.refusal("it makes whole numbers, through which nothing is learnt");
    return `${operator.input(0)}.${way}()`;
  },
};

/** By number of the element type: floats are float32 here, and int64 picks places. */
const casts: Readonly<Record<number, string>> = { 1: "float", 7: "long" };

/** A number with an axis of its own was a weight, such as a branch's share; one without is a constant of a formula. */
function factor(operator: Operator, input: number): string {
  const stored = operator.stored(input);
  const isLearnt = stored && stored.dims.length > 0 && isFloatType(stored.tensor.dataType);
  return isLearnt ? operator.tensor(input) : operator.input(input);
}

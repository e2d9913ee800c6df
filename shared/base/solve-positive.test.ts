import { expect, it } from "vitest";
import { solvePositive } from "./solve-positive.ts";

it("solves a system by hand", () => {
  // 4x + 2y = 10 and 2x + 3y = 9: x = 1.5, y = 2. What stands above the diagonal isn't read.
  const matrix = Float64Array.of(4, Number.NaN, 2, 3);
  const [x, y] = solvePositive(matrix, Float64Array.of(10, 9));
  expect(x).toBeCloseTo(1.5, 12);
  expect(y).toBeCloseTo(2, 12);
  expect([...matrix]).toEqual([4, Number.NaN, 2, 3]);
});

it("undoes a multiplication", () => {
  const root = [
    [2, 0, 0, 0],
    [1, 3, 0, 0],
    [-1, 2, 1, 0],
    [0.5, -2, 4, 2],
  ];
  const at = (row: number, column: number) =>
    root[row].reduce((sum, value, k) => sum + value * root[column][k], 0);
  const matrix = Float64Array.from({ length: 16 }, (_, index) => at(index >> 2, index & 3));
  const wanted = [1, -2, 3, -4];
  const right = Float64Array.from(wanted, (_, row) =>
    wanted.reduce((sum, value, column) => sum + at(row, column) * value, 0),
  );
  solvePositive(matrix, right).forEach((value, index) => {
    expect(value).toBeCloseTo(wanted[index], 9);
  });
});

import { expect, test } from "vitest";
import { csvRows } from "./csv.ts";

const cells = (text: string) => [...csvRows(text)].map((row) => row.cells);

test("rows of cells, with the lines that they start on", () => {
  expect([...csvRows("\ufeffid,label\r\n\r\n1, cat \r\n2,dog")]).toEqual([
    { cells: ["id", "label"], line: 1 },
    { cells: ["1", "cat"], line: 3 },
    { cells: ["2", "dog"], line: 4 },
  ]);
});

test("quotes keep delimiters, lines and doubled quotes", () => {
  expect([...csvRows('a,"b, ""c"""\n"d\ne",f\ng,""\n"open')]).toEqual([
    { cells: ["a", 'b, "c"'], line: 1 },
    { cells: ["d\ne", "f"], line: 2 },
    { cells: ["g", ""], line: 4 },
    { cells: ["open"], line: 5 },
  ]);
});

test("semicolons and tabs, where the first line has more of them", () => {
  expect(cells("a;b,c;d\n1;2;3")).toEqual([
    ["a", "b,c", "d"],
    ["1", "2", "3"],
  ]);
  expect(cells("a\tb\n1,5\t2")).toEqual([
    ["a", "b"],
    ["1,5", "2"],
  ]);
  expect(cells("")).toEqual([]);
});

test("bars between cells, and lines that end as old Macs end them", () => {
  expect([...csvRows("a|b\r1|2\r\r3|4")]).toEqual([
    { cells: ["a", "b"], line: 1 },
    { cells: ["1", "2"], line: 2 },
    { cells: ["3", "4"], line: 4 },
  ]);
});

test("no more cells of a row than are wanted, and quotes that never end", () => {
  const rows = [...csvRows('a,b\n1,2,3,4\n"5\n6,7', 2)];
  expect(rows).toEqual([
    { cells: ["a", "b"], line: 1 },
    { cells: ["1", "2"], line: 2 },
    { cells: ["5\n6,7"], line: 3 },
  ]);
  expect([...csvRows('\n\n"say ""hi"" twice",x\n')]).toEqual([{ cells: ['say "hi" twice', "x"], line: 3 }]);
});

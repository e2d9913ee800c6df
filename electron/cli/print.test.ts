import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { printJson, printLines, sayLines } from "./print.ts";

afterEach(() => vi.restoreAllMocks());

/** What is written to a stream from now on. */
function written(stream: "stdout" | "stderr"): string[] {
  const texts: string[] = [];
  vi.spyOn(process[stream], "write").mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  return texts;
}

it("a line is one line, and nothing in it acts on the terminal", () => {
  const [out, error] = [written("stdout"), written("stderr")];
  printLines(["tensor a\nofframp: done\u001b[2J", "", "日本 \u202eb"]);
  sayLines(["x\r\u0007"]);
  expect(out).toEqual(["tensor a␊offramp: done␛[2J\n\n日本 \\u202eb\n"]);
  expect(error).toEqual(["x␍␇\n"]);
});

it("a line without end is cut", () => {
  const out = written("stdout");
  printLines(["a".repeat(1_000_000)]);
  expect(out[0]).toHaveLength(5001);
});

it("JSON is one line that says exactly the same", () => {
  const out = written("stdout");
  const value = { name: "a\n\u001b\u009b\u202e\u2028" };
  printJson(value);
  expect(out).toEqual(['{"name":"a\\n\\u001b\\u009b\\u202e\\u2028"}\n']);
  expect(JSON.parse(out[0])).toEqual(value);
});

it("nothing else of the command line writes to the terminal", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const others = files.filter((file) => /(?<!\.test)\.ts$/.test(file) && file !== "print.ts");
  expect(others.length).toBeGreaterThan(15);
  const writing = others.filter((file) =>
    /console\.|process\.std(out|err)\.write\([^"]/.test(
      readFileSync(join(import.meta.dirname, file), "utf8"),
    ),
  );
  expect(writing).toEqual([]);
});

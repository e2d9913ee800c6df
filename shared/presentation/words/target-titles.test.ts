import { expect, test } from "vitest";
import { targetTitles } from "./target-titles.ts";

const profile = (id: string, device: string, threads: number, provider = "cpu") => ({
  id,
  target: { device, provider, threads, operatingSystem: "linux 6.1 x64", runtime: "onnxruntime 1.30" },
});
const board = "Raspberry Pi 5, 4 cores, 8 GiB";

test("a lone target says device, provider and threads, the short one without what the device has", () => {
  const titles = targetTitles([profile("a", board, 1)]);
  expect(titles.whole("a")).toBe("Raspberry Pi 5, 4 cores, 8 GiB · cpu, 1 thread");
  expect(titles.short("a")).toBe("Raspberry Pi 5 · cpu, 1 thread");
});

test("devices that begin alike keep what tells them apart", () => {
  const titles = targetTitles([profile("a", "Xeon, 2 cores", 1), profile("b", "Xeon, 8 cores", 1)]);
  expect(["a", "b"].map(titles.short)).toEqual([
    "Xeon, 2 cores · cpu, 1 thread",
    "Xeon, 8 cores · cpu, 1 thread",
  ]);
});

test("of one device the short titles are what differs", () => {
  const titles = targetTitles([profile("a", board, 1), profile("b", board, 4), profile("c", board, 4)]);
  expect(["a", "b", "c"].map(titles.short)).toEqual([
    "cpu, 1 thread",
    "cpu, 4 threads",
    "cpu, 4 threads (2)",
  ]);
  expect(titles.whole("c")).toBe(`${board} · cpu, 4 threads (2)`);
});

test("a person's name is the target's title, and two of one name are numbered", () => {
  const names = { a: "board in the lab", b: "board in the lab" };
  const titles = targetTitles(
    [profile("a", board, 1), profile("b", "server", 8), profile("c", "server", 8)],
    names,
  );
  expect(["a", "b", "c"].map(titles.whole)).toEqual([
    "board in the lab",
    "board in the lab (2)",
    "server · cpu, 8 threads",
  ]);
  expect(titles.short("gone")).toBe("a target that is gone");
});

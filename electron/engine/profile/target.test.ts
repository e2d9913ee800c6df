import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { targetSchema } from "../../../shared/model/profile.ts";
import { describeTarget } from "./target.ts";

const cores = availableParallelism();

describe("target", () => {
  it("says what this machine is", () => {
    const target = describeTarget({ provider: "cpu", threads: cores });
    expect(targetSchema.parse(target)).toEqual(target);
    expect(target.device).toMatch(new RegExp(`, ${cores} cores, [1-9]\\d* GiB$`));
    expect(target.runtime).toMatch(/^onnxruntime-node \d+\.\d+/);
    expect([target.provider, target.threads]).toEqual(["cpu", cores]);
  });

  it("needs a provider that is here", () => {
    expect(() => describeTarget({ provider: "quantum", threads: 1 })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(
          /^no execution provider 'quantum' on this machine; choose from .*\bcpu\b/,
        ),
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, cores + 1])("refuses %d threads", (threads) => {
    expect(() => describeTarget({ provider: "cpu", threads })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `${threads} threads: this machine has ${cores} cores; choose 1 to ${cores}`,
      }),
    );
  });
});

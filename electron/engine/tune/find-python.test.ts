import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { askPython } from "./find-python.ts";
import { noTorch, torchPython } from "./testing/find-torch.ts";

/** A program that says something, in an interpreter's place. */
async function program(script: string): Promise<string> {
  const folder = await temporaryFolder({ python: `#!/bin/sh\n${script}\n` });
  await chmod(join(folder, "python"), 0o755);
  return join(folder, "python");
}

describe.runIf(process.platform !== "win32")("an interpreter is asked before anything long starts", () => {
  const facts = { python: "3.11.2", torch: "1.13.1+cpu", numpy: "1.24", gpus: ["NVIDIA H100"] };

  test("and says what it has, whatever libraries say before", async () => {
    const python = await program(`echo warning\necho '${JSON.stringify(facts)}'`);
    expect(await askPython(python)).toEqual(facts);
  });

  test.each([
    [
      "too old",
      `echo '${JSON.stringify({ ...facts, torch: "1.12.0" })}'`,
      "has PyTorch 1.12.0, and 1.13 or newer is needed",
    ],
    ["without PyTorch", `echo "No module named 'torch'" >&2; exit 1`, "has no PyTorch"],
    ["without NumPy", `echo "No module named 'numpy'" >&2; exit 1`, "has no NumPy"],
    [
      "broken",
      `echo "OSError: libcudart.so.11" >&2; exit 1`,
      "can't load PyTorch (OSError: libcudart.so.11)",
    ],
    ["no Python at all", "echo hello", "doesn't say which PyTorch it has"],
  ])("one that is %s is refused", async (_name, script, what) => {
    const python = await program(script);
    await expect(askPython(python)).rejects.toMatchObject({
      code: "usage",
      message: `${python} ${what}`,
      details: { missing: "python" },
    });
  });

  test("and one that isn't there", async () => {
    await expect(askPython("/none/python3")).rejects.toThrow(
      "/none/python3 can't be started (there is no such program)",
    );
  });
});

test("a real one is taken", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  expect(await askPython(torchPython!)).toMatchObject({ python: expect.stringMatching(/^3\./) });
});

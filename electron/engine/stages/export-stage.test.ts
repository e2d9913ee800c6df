import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { trainingGraph } from "../export/training-graph.ts";
import { encodeModel } from "../onnx/codec.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { checkReplaceable, outdatedTargets } from "./export-stage.ts";

describe("training graphs of further networks", () => {
  const own = () => encodeModel(residualNet(1));
  const check = (folder: string) => checkReplaceable(folder, [trainingGraph], { hasReport: false });

  it("are replaced where Offramp made them, and are in the way with anything else among them", async () => {
    const made = await temporaryFolder({ "training-members/small.onnx": own() });
    await expect(check(made)).resolves.toBeUndefined();
    const mixed = await temporaryFolder({
      "training-members/small.onnx": own(),
      "training-members/notes.txt": "mine",
    });
    await expect(check(mixed)).rejects.toMatchObject({
      code: "output-unwritable",
      message: expect.stringContaining(
        `${join(mixed, "training-members")} is there already and Offramp didn't make it`,
      ),
    });
  });

  it("go with the plan that they were exported for", async () => {
    const folder = await temporaryFolder({ "training-members/small.onnx": own() });
    const draft = await temporaryFolder({ "training.onnx": own() });
    expect(await outdatedTargets(folder, [trainingGraph], draft)).toEqual(["training-members"]);
    expect(await outdatedTargets(folder, [], draft)).toEqual([]);
    expect(await outdatedTargets(folder, [trainingGraph], folder)).toEqual([]);
    expect(await outdatedTargets(draft, [trainingGraph], draft)).toEqual([]);
  });
});

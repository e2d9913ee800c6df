import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { singleFile } from "../export/single-file.ts";
import { uint8File } from "../export/uint8-file.ts";
import { testImagesOf } from "./load-data.ts";
import { measureNetworks } from "./profile-networks.ts";
import { colourChain } from "./testing/colour-chain.ts";
import { verifyExport } from "./verify-stage.ts";

const target = { provider: "cpu", threads: 1 };

/** Verifies a plan of a member alone, and counts how often its image was made of the decoded one. */
async function verified(side: number, preprocess: object, format = singleFile) {
  const { project, data, plan, file } = await colourChain(side, preprocess, format);
  const profile = await measureNetworks(project, { target, seconds: 0.3 }, silentJob);
  let made = 0;
  const testOf: ReturnType<typeof testImagesOf> = (member) => {
    const split = testImagesOf(data)(member);
    const preparer = () => {
      const prepare = split.preparer();
      return (...photo: Parameters<typeof prepare>) => {
        made++;
        return prepare(...photo);
      };
    };
    return { ...split, preparer };
  };
  const how = { target, seconds: 60 };
  const used = { project, profile, plan };
  const found = await verifyExport(used, file, data.images.test, how, silentJob, { testOf });
  return { made, found, entry: profile.members![0].entry };
}

test("an image of another size is made of the decoded one while the plan is timed, as it was profiled", async () => {
  const { made, found, entry } = await verified(2, { resize: [2, 2] });
  expect(entry!.meanMs).toBeGreaterThan(0);
  expect(made).toBeGreaterThanOrEqual(found.samples);
  expect(found.decisionAgreement).toBe(1);
});

test.each([
  { title: "for another scale operators run", preprocess: { mean: [0.25] }, isFree: false },
  { title: "the backbone's image is there already", preprocess: {}, isFree: true },
])("$title", async ({ preprocess, isFree }) => {
  const { made, found, entry } = await verified(4, preprocess);
  expect(entry === undefined).toBe(isFree);
  expect(made).toBe(0);
  expect(found.decisionAgreement).toBe(1);
});

test("a file for uint8 images is verified on the bytes that the images were made of", async () => {
  const { found } = await verified(4, { mean: [0.25] }, uint8File);
  expect(found.decisionAgreement).toBe(1);
});

import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { inGroups } from "./in-groups.ts";

const numbers = Array.from({ length: 1000 }, (_, at) => at);

it("keeps the order, and has some under way at once but not all", async () => {
  let [now, most] = [0, 0];
  const each = async (item: number) => {
    most = Math.max(most, ++now);
    await delay(item % 3);
    now--;
    return 2 * item;
  };
  expect(await inGroups(numbers, each)).toEqual(numbers.map((item) => 2 * item));
  expect(most).toBe(128);
});

it("stops between groups when it is asked to", async () => {
  let done = 0;
  const pause = async () => {
    if (done >= 256) throw cancelledError();
  };
  await expect(inGroups(numbers, () => void done++, { ...silentJob, pause })).rejects.toMatchObject({
    code: "cancelled",
  });
  expect(done).toBe(256);
});

import { expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../../shared/base/job.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { StageCache } from "../../base/cache.ts";
import { packingRunner } from "../../jobs/testing/packing-runner.ts";
import type { StageContext } from "../stage-context.ts";
import { colourPlan, colourProject } from "../testing/colour-project.ts";
import { shiftedProject } from "./shifted-project.ts";
import { shiftsWanted } from "./shifts.ts";

const seed = 1;
const wanted = { corruptions: ["gaussian-noise"], severities: [5], seed };
const [asTheyAre, noise] = shiftsWanted(wanted, { height: 4, width: 4 }).shifts;

it("workers see what one machine sees of corrupted images, to the last bit, and stop when they are told to", async () => {
  const { project, data } = await colourProject();
  /** The test tables of both networks, which read images of other sizes and values. */
  const tablesUnder = async (shift: typeof noise, context: Partial<StageContext> = {}) => {
    const images = { data, test: data.splits.test, shift, seed };
    const own = { cache: new StageCache(await temporaryFolder()), job: silentJob, ...context };
    const shifted = await shiftedProject(own, project, [colourPlan(project)], images);
    return [shifted, ...shifted.members].map(({ tables }) => tables.test);
  };
  const clean = [project, ...project.members].map(({ tables }) => tables.test);
  expect(await tablesUnder(asTheyAre)).toEqual(clean);

  const here = await tablesUnder(noise);
  const runner = packingRunner(2);
  const said: string[] = [];
  const job = { ...silentJob, report: (_done: number, _total: number, note = "") => said.push(note) };
  expect(await tablesUnder(noise, { runner, job })).toEqual(here);
  // Two networks, each on two workers.
  expect(runner.begun).toEqual(["calibrate", "calibrate", "calibrate", "calibrate"]);
  expect(said).toContain("2 of 2 ranges");
  for (const [index, tables] of here.entries())
    expect(tables.get("top1")!.confidence).not.toEqual(clean[index].get("top1")!.confidence);

  let isCancelled = false;
  const stopped = packingRunner(2, () => {
    isCancelled = true;
  });
  const pause = async () => {
    if (isCancelled) throw cancelledError();
  };
  const stopping = tablesUnder(noise, { runner: stopped, job: { ...silentJob, pause } });
  await expect(stopping).rejects.toMatchObject({ code: "cancelled" });
  expect(stopped.begun.length).toBeLessThanOrEqual(2);
  await data.source.close();
});

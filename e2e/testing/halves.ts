import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { planFile, planText } from "../../shared/files/plan-file.ts";
import { linkSchema } from "../../shared/model/link.ts";
import { planSchema } from "../../shared/model/plan.ts";
import { finishedRun, type OwnFolder, offramp, readJson, smallData, start } from "./command-line.ts";

const figuresSchema = z.looseObject({
  latencyMs: z.looseObject({ mean: z.number() }),
  exitRates: z.array(z.number()),
});

/** What verifying a plan's halves on two workers prints. */
export const halvesSchema = z.looseObject({
  samples: z.number(),
  link: linkSchema,
  decisionAgreement: z.number(),
  plan: z.looseObject({
    accuracy: z.number(),
    exitRates: z.array(z.number()),
    latencyMs: z.looseObject({ mean: z.number(), worst: z.number() }),
  }),
  prediction: z.looseObject({
    predicted: figuresSchema,
    profiled: figuresSchema,
    machineDriftPct: z.number(),
    serverDriftPct: z.number(),
  }),
});

/** Two workers, `board` for the device's half and `rack` for the server's, until they are stopped. */
export async function startHalves(
  folder: OwnFolder,
  environment: Readonly<Record<string, string>>,
  addresses: { readonly board: string; readonly rack: string },
): Promise<() => Promise<void>> {
  const workers = Object.entries(addresses).map(([name, url]) =>
    start(["worker", "--name", name, "--cache", folder.path(`cache-${name}`)], {
      environment: { ...environment, OFFRAMP_SERVER: url, OMP_NUM_THREADS: "1" },
      limitSeconds: 500,
    }),
  );
  await Promise.all(Object.keys(addresses).map((name, index) => workers[index].said(`${name} works for`)));
  return async () => {
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { finished } of workers) await finished;
  };
}

/**
 * Exports the small run's plan in two halves, cut at its first exit, to `out/staged` of the test's folder.
 * @returns how it is verified, but for the workers
 */
export async function exportHalves(folder: OwnFolder): Promise<string[]> {
  const { folder: run, project } = await finishedRun();
  const { backboneSha256, exits } = await readJson(join(run, "plan.json"), planSchema);
  expect(exits.length).toBeGreaterThan(0);
  const [{ cutPoint: cut }] = exits;
  await writeFile(folder.path("plan.json"), planText(planFile(backboneSha256, { exits, cut })));
  const plan = ["--plan", folder.path("plan.json")];
  const exported = await offramp(["export", project, ...plan, "-o", folder.path("out")]);
  expect(exported.code, exported.stderr).toBe(0);
  const profile = join(run, "profile.json");
  return [
    ...["verify", folder.path("out", "staged"), "--project", project, "--data", smallData()[1], ...plan],
    ...["--profile", profile, "--server-profile", profile, "--verify-seconds", "30"],
  ];
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { openProject } from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import { planFile, planText } from "../../shared/files/plan-file.ts";
import { linkSchema } from "../../shared/model/link.ts";
import { outputHead, type Plan, planSchema } from "../../shared/model/plan.ts";
import { finishedRun, type OwnFolder, offramp, readJson, shared, smallData } from "./command-line.ts";

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

/**
 * Exports the small run's plan in two halves, cut at its first exit, to `out/staged` of the test's folder.
 * @returns how it is verified, but for the workers
 */
export async function exportHalves(folder: OwnFolder): Promise<string[]> {
  const { folder: run, project } = await finishedRun();
  const { backboneSha256, exits } = await readJson(join(run, "plan.json"), planSchema);
  expect(exits.length).toBeGreaterThan(0);
  const [{ cutPoint: cut }] = exits;
  const plan = planFile(backboneSha256, { exits, cut });
  return exportPlan(folder, { name: "out", project, plan, profile: join(run, "profile.json"), seconds: 30 });
}

/**
 * The same of the small model behind a smaller one, which the device runs; about half of the images go to the server. To `chain/staged`.
 */
export async function exportChain(folder: OwnFolder): Promise<string[]> {
  const { project: alone } = await finishedRun();
  const joined = [
    "search",
    alone,
    "--no-compare",
    "--member",
    shared("fixed.onnx"),
    "--profile-seconds",
    "0.5",
  ];
  const searched = await offramp([...joined, "-o", folder.path("joined")]);
  expect(searched.code, searched.stderr).toBe(0);
  const project = folder.path("joined", "project.offramp");
  const { backbone, members } = await openProject(project, silentJob);
  const [{ heads, tables, backbone: first }] = members;
  const { confidence, samples } = tables.calibration.get("top1")!;
  const own = confidence.slice(heads.length * samples, (heads.length + 1) * samples).sort();
  const [before, then] = [first, backbone].map(({ summary }) => summary);
  const exit = { member: before.sha256, cutPoint: before.output.name, head: outputHead, policy: "top1" };
  const plan = planFile(then.sha256, {
    exits: [{ ...exit, threshold: own[samples / 2] }],
    chain: [before.sha256, then.sha256],
    cut: then.input.name,
  });
  const profile = folder.path("joined", "profile.json");
  return exportPlan(folder, { name: "chain", project, plan, profile, seconds: 3 });
}

async function exportPlan(
  folder: OwnFolder,
  { name, project, plan, profile, seconds }: ExportedPlan,
): Promise<string[]> {
  const path = folder.path(`${name}.json`);
  await writeFile(path, planText(plan));
  const exported = await offramp(["export", project, "--plan", path, "-o", folder.path(name)]);
  expect(exported.code, exported.stderr).toBe(0);
  return [
    ...["verify", folder.path(name, "staged"), "--project", project, "--data", smallData()[1]],
    ...["--plan", path, "--profile", profile, "--server-profile", profile],
    ...["--verify-seconds", String(seconds)],
  ];
}

interface ExportedPlan {
  readonly name: string;
  readonly project: string;
  readonly plan: Plan;
  readonly profile: string;
  readonly seconds: number;
}

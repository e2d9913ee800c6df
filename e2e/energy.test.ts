import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { sensorTree } from "../electron/engine/profile/energy/testing/sensor-tree.ts";
import {
  startTickingSensor,
  type TickingSensor,
} from "../electron/engine/profile/energy/testing/ticking-sensor.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { finishedRun, newFolder, offramp, shared } from "./testing/command-line.ts";

const watts = 8;
const limitSeconds = 600;

let sensor: TickingSensor;
let project: string;
let folder: string;

beforeAll(async () => {
  ({ project } = await finishedRun());
  folder = await newFolder();
  sensor = await startTickingSensor(await newFolder(), watts);
}, 1000 * limitSeconds);
afterAll(() => sensor?.stop());

const run = (args: readonly string[], root = sensor.root) =>
  offramp(args, { environment: { OFFRAMP_SENSOR_ROOT: root }, limitSeconds });

const parsed = async <Content>(schema: z.ZodType<Content>, ...path: string[]) =>
  schema.parse(JSON.parse(await readFile(join(folder, ...path), "utf8")));

describe("from a processor's counter to a verified plan", () => {
  test(
    "profile counts energies beside latencies",
    async () => {
      const out = join(folder, "counted.json");
      const said = await run(["profile", project, "-o", out, "--profile-seconds", "1"]);
      expect(said.code).toBe(0);
      expect(said.stdout).toMatch(/energy .* a run of the backbone by RAPL package-0, what idles included/);
      const profile = await parsed(profileSchema.omit({ id: true }), "counted.json");
      expect(profile.energySensor).toEqual({ name: "RAPL package-0" });
      // The counter rises by the clock, so energies are times at 8 W, on a machine that does other things as well.
      const { meanMs, energyMillijoules = 0 } = profile.backbone;
      expect(energyMillijoules / (watts * meanMs)).toBeGreaterThan(0.2);
      expect(energyMillijoules / (watts * meanMs)).toBeLessThan(20);
      for (const timed of [profile.final, ...profile.prefixes, ...profile.heads])
        expect(timed.energyMillijoules).toBeGreaterThanOrEqual(0);
    },
    1000 * limitSeconds,
  );

  test(
    "search keeps to --max-energy, and makes a front of energies",
    async () => {
      const counted = join(folder, "counted.json");
      const search = (name: string, ...more: string[]) =>
        run(["search", project, "--profile", counted, "--no-compare", "--out", join(folder, name), ...more]);
      const { backbone } = await parsed(profileSchema.omit({ id: true }), "counted.json");
      const most = 0.7 * backbone.energyMillijoules!;
      const said = await search("limited", "--max-energy", String(most));
      expect(said.code).toBe(0);
      expect(said.stdout).toMatch(/energy .* a sample on average, the backbone/);
      const limited = await parsed(frontFileSchema, "limited", "front.json");
      expect(limited.useCase.maxEnergyMillijoules).toBe(most);
      expect(limited.recommended.feasible).toBe(true);
      expect(limited.recommended.figures.energyMillijoules).toBeLessThanOrEqual(most);
      expect((await search("energies", "--axis", "energy", "--max-drop", "2")).code).toBe(0);
      const { searches, useCase, recommended } = await parsed(frontFileSchema, "energies", "front.json");
      const [{ front, proven }] = searches;
      expect([useCase.axis, proven]).toEqual(["energy", true]);
      const energies = front.map(({ energyMillijoules = Number.NaN }) => energyMillijoules);
      expect(energies.length).toBeGreaterThan(2);
      expect(energies).toEqual([...energies].sort((a, b) => a - b));
      expect(energies).toContain(recommended.figures.energyMillijoules);
    },
    1000 * limitSeconds,
  );

  test(
    "export and verify: the energy measured stands beside the one predicted",
    async () => {
      const plan = join(folder, "limited", "plan.json");
      const files = join(folder, "files");
      expect((await run(["export", project, "--plan", plan, "--out", files])).code).toBe(0);
      const counted = ["--plan", plan, "--profile", join(folder, "counted.json")];
      const verify = (...more: string[]) =>
        run([
          ...["verify", join(files, "model.onnx"), "--project", project, "--data", shared("data")],
          ...[...counted, "--verify-seconds", "5", ...more],
        ]);
      const said = await verify();
      expect(said.code).toBe(0);
      expect(said.stdout).toMatch(
        /^energy {5}backbone .*J \(.*\), predicted .*J, measured .*J \(.*\), off by /m,
      );
      const without = await verify("--energy-sensor", "none");
      expect(without.stdout).toMatch(/^energy {5}predicted .*J, not measured: it was not wanted/m);
    },
    1000 * limitSeconds,
  );
});

describe("without a sensor", () => {
  test(
    "a profile says that there is none, and a search that is to limit energy says what is missing",
    async () => {
      const nothing = sensorTree({});
      const out = join(folder, "plain.json");
      const said = await run(["profile", project, "-o", out, "--profile-seconds", "0.3"], nothing);
      expect(said.stdout).toContain("energy not measured: this system has no INA3221");
      const args = ["search", project, "--profile", out, "--max-energy", "3"];
      const refused = await run(args, nothing);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(
        /energy is limited, but the profile says nothing of the energy.*`offramp profile --energy-sensor`/,
      );
      const named = await run(["profile", project, "-o", out, "--energy-sensor", "rapl"], nothing);
      expect(named.stderr).toMatch(/this system has no RAPL.*choose from auto, none, /);
    },
    1000 * limitSeconds,
  );
});

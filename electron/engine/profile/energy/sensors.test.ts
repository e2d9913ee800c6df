import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { meterOf } from "./energy-meter.ts";
import { ina3221 } from "./ina3221.ts";
import { openEnergyMeter, sensorRoot } from "./open-meter.ts";
import { parseReading } from "./parse-reading.ts";
import { powerMode } from "./power-mode.ts";
import { rapl } from "./rapl.ts";
import { sensorTree, writeSensors } from "./testing/sensor-tree.ts";

afterEach(() => void vi.useRealTimers());

const powercap = "sys/class/powercap";

/** A machine of two packages with a memory counter, and what else such trees hold. */
const twoPackages = {
  [`${powercap}/intel-rapl/enabled`]: "1",
  [`${powercap}/intel-rapl:0/name`]: "package-0",
  [`${powercap}/intel-rapl:0/energy_uj`]: "5000000",
  [`${powercap}/intel-rapl:0/max_energy_range_uj`]: "6000000",
  [`${powercap}/intel-rapl:0:0/name`]: "core",
  [`${powercap}/intel-rapl:0:0/energy_uj`]: "1",
  [`${powercap}/intel-rapl:0:1/name`]: "dram",
  [`${powercap}/intel-rapl:0:1/energy_uj`]: "100",
  [`${powercap}/intel-rapl:0:1/max_energy_range_uj`]: "6000000",
  [`${powercap}/intel-rapl:1/name`]: "package-1",
  [`${powercap}/intel-rapl:1/energy_uj`]: "200",
  [`${powercap}/intel-rapl:1/max_energy_range_uj`]: "6000000",
  [`${powercap}/intel-rapl:2/name`]: "psys",
  [`${powercap}/intel-rapl:2/energy_uj`]: "9",
  [`${powercap}/intel-rapl-mmio:0/name`]: "package-0",
  [`${powercap}/intel-rapl-mmio:0/energy_uj`]: "5000000",
};

describe("RAPL", () => {
  test("adds up packages and memory, each joule once, and goes on where a counter begins again", async () => {
    const root = sensorTree(twoPackages);
    const meter = (await rapl.open(root))!;
    expect(meter.name).toBe("RAPL package-0, dram-0, package-1");
    expect(await meter.read()).toBe(0);
    writeSensors(root, {
      [`${powercap}/intel-rapl:0/energy_uj`]: "5900000",
      [`${powercap}/intel-rapl:0:1/energy_uj`]: "1100",
      [`${powercap}/intel-rapl:0:0/energy_uj`]: "800000",
      [`${powercap}/intel-rapl:1/energy_uj`]: "2200",
    });
    // 900 000 + 1000 + 2000 µJ.
    expect(await meter.read()).toBe(903);
    writeSensors(root, { [`${powercap}/intel-rapl:0/energy_uj`]: "50000" });
    // From 5 900 000 to its range of 6 000 000, and 50 000 more.
    expect(await meter.read()).toBe(903 + 150);
    expect(await meter.read()).toBe(1053);
  });

  test("is none where there are no packages, and says why where they can't be read", async () => {
    expect(await rapl.open(sensorTree({}))).toBeUndefined();
    const root = sensorTree({ [`${powercap}/intel-rapl:0/name`]: "package-0" });
    await expect(rapl.open(root)).rejects.toThrow(/energy_uj.*run Offramp as root, or let everybody read/);
    expect((await openEnergyMeter("auto", root)).none).toContain("run Offramp as root");
  });

  test.skipIf(process.getuid?.() === 0)("that root alone may read is said to be so", async () => {
    const root = sensorTree(twoPackages);
    chmodSync(join(root, powercap, "intel-rapl:0/energy_uj"), 0o000);
    await expect(rapl.open(root)).rejects.toThrow(/run Offramp as root/);
  });
});

describe("INA3221", () => {
  const monitor = "sys/bus/i2c/devices/1-0040/hwmon/hwmon3";
  const orin = {
    [`${monitor}/name`]: "ina3221",
    [`${monitor}/in1_label`]: "VDD_IN",
    [`${monitor}/in1_input`]: "5000",
    [`${monitor}/curr1_input`]: "1200",
    [`${monitor}/in2_label`]: "VDD_CPU_GPU_CV",
    [`${monitor}/in2_input`]: "5000",
    [`${monitor}/curr2_input`]: "300",
    "sys/bus/i2c/devices/2-0050/hwmon/hwmon0/name": "lm75",
  };

  test("takes the rail that feeds the whole board, its power the product of voltage and current", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const root = sensorTree(orin);
    const meter = (await ina3221.open(root))!;
    expect([meter.name, meter.everyMs]).toEqual(["INA3221 VDD_IN", 5]);
    vi.advanceTimersByTime(10);
    // 5 V and 1.2 A are 6 W, for 10 ms.
    expect(await meter.read()).toBeCloseTo(60, 9);
    writeSensors(root, { [`${monitor}/curr1_input`]: "2000" });
    vi.advanceTimersByTime(10);
    // From 6 W to 10 W: 8 W on the mean.
    expect(await meter.read()).toBeCloseTo(140, 9);
  });

  test("adds up all rails where none feeds the whole board, as older systems have them in mW", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const folder = "sys/bus/i2c/devices/1-0041/iio:device1";
    const meter = (await ina3221.open(
      sensorTree({
        [`${folder}/rail_name_0`]: "GPU",
        [`${folder}/in_power0_input`]: "700",
        [`${folder}/rail_name_1`]: "CPU",
        [`${folder}/in_power1_input`]: "1300",
        [`${folder}/rail_name_2`]: "NC",
        [`${folder}/in_power2_input`]: "9999",
      }),
    ))!;
    expect(meter.name).toBe("INA3221 GPU, CPU");
    vi.advanceTimersByTime(5);
    expect(await meter.read()).toBeCloseTo(10, 9);
  });

  test("goes before the processor's own counters, for it watches more", async () => {
    const { meter } = await openEnergyMeter("auto", sensorTree({ ...twoPackages, ...orin }));
    expect(meter?.name).toBe("INA3221 VDD_IN");
  });

  test("that falls silent is said, not counted as nothing", async () => {
    const root = sensorTree(orin);
    const meter = (await ina3221.open(root))!;
    writeSensors(root, { [`${monitor}/curr1_input`]: "" });
    await expect(meter.read()).rejects.toThrow("doesn't say the power of VDD_IN any more");
  });
});

describe("what a person names", () => {
  test.each([
    ["1234", { millijoules: 1.234 }],
    ["1500 mJ\n", { millijoules: 1500 }],
    ["2.5J", { millijoules: 2500 }],
    ["7 \u00b5J", { millijoules: 0.007 }],
    ["3.2 W", { milliwatts: 3200 }],
    ["1e3 uW", { milliwatts: 1 }],
  ])("may say %j", (text, reading) => {
    expect(parseReading(text, "x")).toEqual(reading);
  });

  test.each(["", "full", "-3 J", "3 kWh", "3 J 4", "1 constructor"])("may not say %j", (text) => {
    expect(() => parseReading(text, "the file")).toThrow(/the file says ".*", expected a number/);
  });

  test("is a file, which has to rise", async () => {
    const root = sensorTree({ counter: "10 mJ" });
    const { meter } = await openEnergyMeter(`file=${join(root, "counter")}`);
    writeSensors(root, { counter: "12.5 mJ" });
    expect(await meter?.read()).toBe(12.5);
    writeSensors(root, { counter: "12 mJ" });
    await expect(meter?.read()).rejects.toThrow(
      /fell from 12.5 to 12 mJ, expected a counter that only rises/,
    );
  });

  test("is a command, whose failure is said in its own words", async () => {
    const { meter } = await openEnergyMeter(`command=${process.execPath} -e "console.log('4 J')"`);
    expect(await meter?.read()).toBe(4000);
    const failing = `command=${process.execPath} -e "console.error('no such board'); process.exit(3)"`;
    await expect(openEnergyMeter(failing)).rejects.toThrow(
      /to say the energy taken, failed \(no such board\)/,
    );
  });

  test("is refused where the system has no such thing", async () => {
    const root = sensorTree({});
    await expect(openEnergyMeter("rapl", root)).rejects.toThrow(/this system has no RAPL.*choose from auto/);
    await expect(openEnergyMeter("sun", root)).rejects.toThrow(/no energy sensor 'sun'; choose from auto/);
    await expect(openEnergyMeter("file=/nowhere/at/all")).rejects.toThrow(/nowhere/);
    expect(await openEnergyMeter("none", sensorTree(twoPackages))).toEqual({ none: "it was not wanted" });
    const { none } = await openEnergyMeter("auto", root);
    expect(none).toMatch(/^this system has no INA3221.*, and no RAPL/);
  });
});

test("powers add up by the trapezoid rule", async () => {
  let atMs = 0;
  let milliwatts = 1000;
  const meter = meterOf(
    "x",
    { milliwatts },
    async () => ({ milliwatts }),
    () => atMs,
  );
  atMs = 100;
  milliwatts = 3000;
  // 2 W on the mean for 0.1 s.
  expect(await meter.read()).toBeCloseTo(200, 9);
  atMs = 150;
  expect(await meter.read()).toBeCloseTo(350, 9);
});

test("a board's power mode has a name, and a number where nobody names it", () => {
  const modes =
    "< POWER_MODEL ID=0 NAME=MAXN >\nCPU_ONLINE CORE_0 1\n< POWER_MODEL ID=2 NAME=MODE_15W_6CORE >";
  const root = sensorTree({ "var/lib/nvpmodel/status": "pmode:0002", "etc/nvpmodel.conf": modes });
  expect(powerMode(root)).toBe("MODE_15W_6CORE");
  expect(powerMode(sensorTree({ "var/lib/nvpmodel/status": "pmode:0000" }))).toBe("mode 0");
  expect(powerMode(sensorTree({}))).toBeUndefined();
});

test("the root is the environment's, or the system's own", () => {
  expect(sensorRoot({ OFFRAMP_SENSOR_ROOT: "/mnt/board" })).toBe("/mnt/board");
  expect(sensorRoot({})).toBe("/");
});

import { cp, mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { planSchema } from "../shared/model/plan.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  ownFolder,
  readJson,
  shared,
  smallData,
  smallRun,
} from "./testing/command-line.ts";

let run: Awaited<ReturnType<typeof finishedRun>>;
const { path, write } = ownFolder();

beforeAll(async () => {
  run = await finishedRun();
});

describe("a damaged file of ours is refused by name, with the command that makes a new one", () => {
  test.concurrent.each([
    ["empty", ""],
    ["half", '{"format": "offramp-profile", "version": 1, "backbone'],
    ["of another format", '{"format": "offramp-plan", "version": 1, "backboneSha256": "x", "exits": []}'],
    ["a number", "42"],
  ])("profile: %s", async (name, content) => {
    const profile = await write(`profile ${name}.json`, content);
    const says =
      /profile [\w ]+\.json is no Offramp profile of version 1 to 2, or is damaged; make one with `offramp profile`/;
    await expectRefusal([...smallRun(path("out")), "--profile", profile], { says });
    await expectRefusal(["search", run.project, "--profile", profile], { says });
  });

  test("profile: of a later version", async () => {
    const profile = await write("later.json", '{"format": "offramp-profile", "version": 3}');
    const says =
      /later\.json is an Offramp profile of version 3; this Offramp reads versions up to 2, so get a/;
    await expectRefusal(["search", run.project, "--profile", profile], { says });
  });

  test("plan", async () => {
    const says = /plan\.json is no plan of version 1; make one with `offramp search`/;
    for (const content of [
      "",
      "{}",
      '{"format": "offramp-plan", "version": 1, "backboneSha256": 7, "exits": []}',
    ])
      await expectRefusal(
        ["export", run.project, "-o", path("out"), "--plan", await write("plan.json", content)],
        { says },
      );
  });

  test("table", async () => {
    const made = await offramp(["calibrate", run.project, "--tables", path("tables")]);
    expect(made.code).toBe(0);
    const whole = await readFile(path("tables", "test-top1.npz"));
    const profile = join(run.folder, "profile.json");
    const search = (table: string) => ["search", "--table", table, "--profile", profile];
    await expectRefusal(search(await write("half.npz", whole.subarray(0, whole.length / 2))), {
      says: /half\.npz is no \.npz archive; a confidence table holds 'confidence' \(float32\)/,
    });
    const flipped = Uint8Array.from(whole);
    for (let at = 200; at < 260; at++) flipped[at] ^= 0xff;
    await expectRefusal(search(await write("flipped.npz", flipped)), { says: /flipped\.npz/ });
    await expectRefusal(search(await write("text.npz", "confidence")), {
      says: /text\.npz is no \.npz archive/,
    });
    await expectRefusal(search(path("none.npz")), {
      says: /none\.npz: no such file or folder; give a confidence table/,
    });
  });

  test("project", async () => {
    const whole = await readFile(run.project);
    const says = /\.offramp is no Offramp project of version 1 to 2, or is damaged; make it again with/;
    const search = (project: string) => ["search", project];
    await expectRefusal(search(await write("half.offramp", whole.subarray(0, whole.length / 2))), { says });
    await expectRefusal(search(await write("empty.offramp", "")), { says });
    await expectRefusal(search(await write("model.offramp", await readFile(shared("model.onnx")))), { says });
    // A single flipped bit anywhere: in a weight it would go unnoticed without a seal.
    const refuseFlipped = async (share: number) => {
      const flipped = Uint8Array.from(whole);
      flipped[Math.floor(share * whole.length)] ^= 4;
      await expectRefusal(search(await write(`flipped-${share}.offramp`, flipped)), { says });
    };
    await Promise.all([0.05, 0.2, 0.4, 0.6, 0.8].map(refuseFlipped));
    await expectRefusal(search(path()), { says: /can't be read; give a \.offramp project/ });
    await expectRefusal(search(path("none.offramp")), { says: /none\.offramp: no such file/ });
  });

  test("manifest and stages", async () => {
    const verify = (staged: string) => [
      ...["verify", staged, "--project", run.project, "--data", shared("data")],
    ];
    await cp(join(run.folder, "staged"), path("changed"), { recursive: true });
    await truncate(path("changed", "stage-0.onnx"), 1000);
    await expectRefusal(verify(path("changed")), {
      says: /stage-0\.onnx is not what the manifest describes/,
    });
    await cp(join(run.folder, "staged"), path("unmanifest"), { recursive: true });
    await writeFile(path("unmanifest", "manifest.json"), "{}");
    await expectRefusal(verify(path("unmanifest")), { says: /manifest\.json is missing or no manifest/ });
    await mkdir(path("nothing"));
    await expectRefusal(verify(path("nothing")), { says: /manifest\.json is missing or no manifest/ });
    await expectRefusal(verify(path("no-such")), {
      says: /no such file or folder; give an exported model\.onnx/,
    });
    const cut = await write("cut.onnx", (await readFile(join(run.folder, "model.onnx"))).subarray(0, 5000));
    await expectRefusal(verify(cut), { says: /cut\.onnx is no early-exit network that Offramp exported/ });
    await expectRefusal(verify(shared("model.onnx")), { says: /model\.onnx is no early-exit network/ });
  });
});

describe("what was made for another model is refused", () => {
  const verify = () => [
    ...["verify", join(run.folder, "model.onnx"), "--project", run.project, "--data", shared("data")],
  ];

  test("profile", async () => {
    const made = await offramp([
      ...["profile", shared("fixed.onnx"), "--profile-seconds", "0.5", "-o", path("other.json")],
    ]);
    expect(made.code).toBe(0);
    const says = /the profile was made for another model \(graph \w{8}…\) than model \(graph \w{8}…\)/;
    await expectRefusal(["search", run.project, "--profile", path("other.json")], { says });
    await expectRefusal([...verify(), "--profile", path("other.json")], { says });
    // Before anything is trained, so with an empty cache just as fast.
    const environment = { OFFRAMP_CACHE: path("empty-cache") };
    const args = [...smallRun(path("out")), "--profile", path("other.json")];
    await expectRefusal(args, { says }, { environment });
    await expectRefusal(["search", path("empty-cache", "none")], { says: /no such file/ });
  });

  test("profile of other heads", async () => {
    const environment = { OFFRAMP_CACHE: path("empty-cache") };
    const args = [
      ...smallRun(path("out")),
      "--profile",
      join(run.folder, "profile.json"),
      "--head",
      "gap-linear",
    ];
    await expectRefusal(
      args,
      {
        says: /the profile has no latency for head 'gap-linear' with policy 'top1' at 'stem'; make one with/,
      },
      { environment },
    );
  });

  test("plan", async () => {
    const plan = await readJson(join(run.folder, "plan.json"), planSchema);
    const other = await write("other-plan.json", JSON.stringify({ ...plan, backboneSha256: "0".repeat(64) }));
    const says = /the plan was made for another model \(SHA-256 00000000…\) than model/;
    await expectRefusal(["export", run.project, "-o", path("out"), "--plan", other], { says });
    await expectRefusal([...verify(), "--plan", other], { says });
  });

  test("plan with an exit that isn't there", async () => {
    const plan = await readJson(join(run.folder, "plan.json"), planSchema);
    const exits = [{ ...plan.exits[0], cutPoint: "block99" }];
    const odd = await write("odd-plan.json", JSON.stringify({ ...plan, exits }));
    await expectRefusal(["export", run.project, "-o", path("out"), "--plan", odd], {
      says: /the plan wants a head 'mixed-hidden' at 'block99', and none was trained there/,
    });
  });

  test("export of another plan of the same model", async () => {
    const plan = await readJson(join(run.folder, "plan.json"), planSchema);
    const [first, ...rest] = plan.exits;
    const stricter = { ...plan, exits: [{ ...first, threshold: 0.999 }, ...rest] };
    const other = await write("stricter.json", JSON.stringify(stricter));
    for (const target of ["model.onnx", "staged"])
      await expectRefusal(
        [
          ...["verify", join(run.folder, target), "--project", run.project, "--data", shared("data")],
          ...["--plan", other],
        ],
        { says: /was exported from another plan; give the plan\.json that lies beside it with --plan/ },
      );
  });

  test("data of other sizes than the project's tables", async () => {
    const verify = ["verify", join(run.folder, "model.onnx"), "--project", run.project];
    await expectRefusal([...verify, "--data", shared("data", "test")], {
      says: /the confidence table has 240 test samples, the data set \d+; calibrate again with this data/,
    });
  });
});

test("a profile from elsewhere takes the place of measuring", async () => {
  const profile = join(run.folder, "profile.json");
  const { target, ...rest } = await readJson(profile, profileSchema);
  const elsewhere = { ...rest, target: { ...target, device: "a board in the basement" } };
  const given = await write("elsewhere.json", JSON.stringify(elsewhere));
  const out = path("with-profile");
  const { code, stderr } = await offramp([...smallRun(out), ...smallData(), "--profile", given]);
  expect(code, stderr).toBe(0);
  expect(stderr).not.toContain("profile …");
  const [kept] = (await openProject(join(out, "project.offramp"))).profiles;
  expect(kept.target.device).toBe("a board in the basement");
});

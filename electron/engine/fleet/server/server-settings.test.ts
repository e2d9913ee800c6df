import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { serverSettings } from "./server-settings.ts";

const kept = { server: "nats://kept:4222", token: "kept-token", tlsCa: "/kept/ca.pem" };

async function environment(settings: unknown = kept) {
  const folder = await temporaryFolder({ "fleet.json": JSON.stringify(settings) });
  return { OFFRAMP_FLEET: join(folder, "fleet.json") };
}

it("flags go before the environment, and that before the settings file", async () => {
  const file = await environment();
  expect(await serverSettings({}, file)).toEqual(kept);
  expect(await serverSettings({}, { ...file, OFFRAMP_TOKEN: "said" })).toEqual({ ...kept, token: "said" });
  const both = { ...file, OFFRAMP_SERVER: "nats://said:4222" };
  expect((await serverSettings({}, both)).server).toBe("nats://said:4222");
  expect((await serverSettings({ server: "nats://given:4222" }, both)).server).toBe("nats://given:4222");
});

it("another server isn't told the file's secrets", async () => {
  expect(await serverSettings({ server: "nats://stranger:4222" }, await environment())).toEqual({
    server: "nats://stranger:4222",
  });
});

it("no server anywhere is said with all places where one can be named", async () => {
  const nowhere = { OFFRAMP_FLEET: join(await temporaryFolder(), "none.json"), OFFRAMP_SERVER: "" };
  await expect(serverSettings({}, nowhere)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/--server .*, set OFFRAMP_SERVER, or write .* to .*none\.json/),
  });
});

it("a file that is no settings file is refused", async () => {
  const typo = await environment({ sever: "nats://kept:4222" });
  await expect(serverSettings({}, typo)).rejects.toMatchObject({ code: "file-invalid" });
});

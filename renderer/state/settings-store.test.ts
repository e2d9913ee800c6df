import { expect, it } from "vitest";
import { settingsSchema } from "../../shared/ipc/settings.ts";
import { showSettings, useSettings } from "./settings-store.ts";

it("what another window changes is shown, and what it leaves stays the very same", () => {
  const fleet = { server: "nats://lab:4222", token: null, creds: null };
  showSettings(settingsSchema.parse({ theme: "light", fleet, views: { "plans.tab": "table" } }));
  const before = useSettings.getState();
  showSettings(settingsSchema.parse({ theme: "dark", fleet, views: { "plans.tab": "table" } }));
  const after = useSettings.getState();
  expect([before.theme, after.theme]).toEqual(["light", "dark"]);
  expect(after.fleet).toBe(before.fleet);
  expect(after.views).toBe(before.views);
  showSettings(settingsSchema.parse({ theme: "dark", fleet: { ...fleet, server: null } }));
  expect(useSettings.getState()).toMatchObject({ views: {}, fleet: { server: null } });
});

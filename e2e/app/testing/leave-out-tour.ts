import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Makes user data look as if the tour had been seen, unless there are settings already. */
export async function leaveOutTour(userData: string): Promise<void> {
  await mkdir(userData, { recursive: true });
  const settings = JSON.stringify({ hasSeenTour: true });
  await writeFile(join(userData, "settings.json"), settings, { flag: "wx" }).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}

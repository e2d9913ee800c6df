import { keepScreenshot, type LaunchedApp } from "./launch.ts";
import { setSize, setTheme } from "./window.ts";

/** Keeps pictures of the window as it is, large and small, light and dark, and leaves it large and light. */
export async function keepInAllLooks(
  { app, page }: Pick<LaunchedApp, "app" | "page">,
  name: string,
): Promise<void> {
  for (const theme of ["dark", "light"] as const) {
    await setTheme(page, theme);
    for (const [width, height] of [
      [1024, 700],
      [1440, 900],
    ]) {
      await setSize(app, page, width, height);
      await keepScreenshot(page, `${name}-${theme}-${width}`);
    }
  }
}

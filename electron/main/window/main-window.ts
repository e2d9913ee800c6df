import { BrowserWindow, nativeTheme, screen } from "electron";
import { readStored, writeStored } from "../stored-json.ts";
import { appPage } from "./app-protocol.ts";
import { type Bounds, minSize, startingBounds, steppedBounds, windowStateSchema } from "./window-state.ts";

/** The page's own ground (`--surface` of renderer/ui/tokens.css), so that nothing flashes before its first paint. */
const ground = { light: "#ffffff", dark: "#1a1d21" };

/**
 * Makes a window, not shown yet.
 * @param preload the built preload script
 * @param stateFile where the last one kept its place
 * @param beside the window that it stands beside; it stands where the last one did if there is none
 */
export function createMainWindow(
  preload: string,
  stateFile: string,
  devTools: boolean,
  beside: BrowserWindow | undefined,
): BrowserWindow {
  const state = beside ? undefined : readStored(stateFile, windowStateSchema);
  const areas = workAreas();
  const window = new BrowserWindow({
    ...(beside ? steppedBounds(beside.getNormalBounds(), areas) : startingBounds(state, areas)),
    minWidth: minSize.width,
    minHeight: minSize.height,
    show: false,
    title: "Offramp",
    backgroundColor: groundColour(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      disableBlinkFeatures: "FileSystemAccess,FileSystemAccessLocal",
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools,
    },
  });
  // Maximising shows a window, so not before there is something to see.
  if (state?.isMaximized) window.once("ready-to-show", () => window.maximize());
  const follow = () => window.setBackgroundColor(groundColour());
  nativeTheme.on("updated", follow);
  window.on("closed", () => nativeTheme.off("updated", follow));
  return window;
}

/** Before it closes: the next window to be made first stands there. */
export function keepPlace(window: BrowserWindow, stateFile: string): void {
  try {
    writeStored(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  } catch {
    // Closing continues; the window is elsewhere next time.
  }
}

/** Loads the page, and resolves once the window shows it. */
export async function showWindow(window: BrowserWindow): Promise<void> {
  const painted = new Promise<void>((resolve) => window.once("ready-to-show", () => resolve()));
  await Promise.all([window.loadURL(appPage), painted]);
  window.show();
}

/** Of the displays that are there, the main one first. */
function workAreas(): Bounds[] {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map((display) => display.workArea);
}

function groundColour(): string {
  return nativeTheme.shouldUseDarkColors ? ground.dark : ground.light;
}

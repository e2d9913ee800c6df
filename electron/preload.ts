import { contextBridge, ipcRenderer, webFrame, webUtils } from "electron";
import type { Bridge } from "../shared/ipc/bridge.ts";
import { ipcNames } from "../shared/ipc/ipc-names.ts";
import { failure, type Outcome } from "../shared/ipc/outcome.ts";
import { removePageExits } from "../shared/ipc/page-exits.ts";
import { refuseLarge } from "../shared/ipc/request-size.ts";

// At once, in the page's own world and before its scripts.
void webFrame.executeJavaScript(removePageExits);

const subscriptions = new Set<{ readonly event: string; readonly listener: (payload: unknown) => void }>();

ipcRenderer.on(ipcNames.event, (_, name: string, payload: unknown) => {
  for (const { event, listener } of subscriptions) if (event === name) listener(payload);
});

const bridge: Bridge = {
  invoke: async (channel, call, request) => {
    // Here already, since the way to the main process copies it.
    const refused = refusal([channel, call, request]);
    return refused ?? ipcRenderer.invoke(ipcNames.invoke, channel, call, request);
  },
  cancel: (call) => ipcRenderer.send(ipcNames.cancel, String(call)),
  on: (event, listener) => {
    const subscription = { event, listener };
    subscriptions.add(subscription);
    return () => subscriptions.delete(subscription);
  },
  dropped: (file) => {
    const path = file instanceof File ? pathOf(file) : "";
    if (path === "") return null;
    // Reaches the main process before whatever is asked with this path: both travel on the same pipe.
    ipcRenderer.send(ipcNames.dropped, path);
    return path;
  },
};

function refusal(request: unknown): Outcome | undefined {
  try {
    refuseLarge(request);
    return undefined;
  } catch (error) {
    return failure(error, () => {});
  }
}

/** Electron before 32 has no webUtils and puts the path on the file. */
function pathOf(file: File): string {
  return webUtils ? webUtils.getPathForFile(file) : ((file as { path?: string }).path ?? "");
}

contextBridge.exposeInMainWorld("offramp", bridge);

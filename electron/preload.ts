import { contextBridge, ipcRenderer, webUtils } from "electron";
import type { Bridge } from "../shared/ipc/bridge.ts";
import { ipcNames } from "./main/ipc-names.ts";

const bridge: Bridge = {
  invoke: (channel, call, request) =>
    ipcRenderer.invoke(ipcNames.invoke, String(channel), String(call), request),
  cancel: (call) => ipcRenderer.send(ipcNames.cancel, String(call)),
  on: (event, listener) => {
    const forward = (_: unknown, name: string, payload: unknown) => {
      if (name === event) listener(payload);
    };
    ipcRenderer.on(ipcNames.event, forward);
    return () => ipcRenderer.removeListener(ipcNames.event, forward);
  },
  dropped: (file) => {
    const path = file instanceof File ? pathOf(file) : "";
    if (path === "") return null;
    // Reaches the main process before whatever is asked with this path: both travel on the same pipe.
    ipcRenderer.send(ipcNames.dropped, path);
    return path;
  },
};

/** Electron before 32 has no webUtils and puts the path on the file. */
function pathOf(file: File): string {
  return webUtils ? webUtils.getPathForFile(file) : ((file as { path?: string }).path ?? "");
}

contextBridge.exposeInMainWorld("offramp", bridge);

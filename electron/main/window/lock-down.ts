import { app, type CommandLine, type Session, type WebContents, type WebFrameMain } from "electron";
import { removePageExits } from "../../../shared/ipc/page-exits.ts";
import { appScheme, isAppUrl } from "./app-protocol.ts";

/**
 * Before the app is ready: Chromium finds no other machine, this one's own ports included. The window needs none, and prefetches,
 * WebRTC and whatever comes next ask neither the content security policy nor `webRequest`.
 */
export function lockNetwork(commandLine: CommandLine): void {
  commandLine.appendSwitch("host-resolver-rules", "MAP * ~NOTFOUND");
}

/** Refuses whatever the page asks of its session beyond its own files. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on("will-download", (event) => event.preventDefault());
  const own = new Set([`${appScheme}:`, "blob:", "data:", ...(app.isPackaged ? [] : ["devtools:"])]);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !own.has(new URL(url).protocol) });
  });
}

/** No page navigates elsewhere, opens another, embeds a guest or sends packets. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  // There is no proxy, so no packet either.
  contents.setWebRTCIPHandlingPolicy("disable_non_proxied_udp");
  contents.on("frame-created", (_, { frame }) => {
    if (frame?.parent) stripFrame(frame);
  });
}

/** The preload script strips the page, and the frames that it hands out; this reaches those that the page comes by otherwise. */
function stripFrame(frame: WebFrameMain): void {
  const strip = () => frame.executeJavaScript(removePageExits).catch(() => {});
  void strip();
  // Of its document, once there is one.
  frame.on("dom-ready", () => void strip());
}

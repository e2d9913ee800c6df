/**
 * Why a child process went, in plain words.
 * @param code as its `exit` event gave it
 * @param reason of Electron's `child-process-gone`, if that came
 * @param fatal what V8 said before it gave up, if it did
 */
export function exitReason(code: number, reason: string | undefined, fatal: string | undefined): string {
  if (fatal !== undefined || reason === "oom") return "it ran out of memory";
  if (reason === "killed") return "it was killed, by the system or by somebody";
  if (reason === "crashed") return `it crashed (code ${code})`;
  if (reason === "launch-failed") return "it could not be started";
  return `it ended with code ${code}`;
}

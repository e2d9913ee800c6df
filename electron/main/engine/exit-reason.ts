/**
 * Why a child process ended, in plain words as part of a sentence: `crashed (code 139)`.
 * @param code as its `exit` event gave it
 * @param reason of Electron's `child-process-gone`, if that came
 * @param fatal what V8 said before it gave up, if it did
 */
export function exitReason(code: number, reason: string | undefined, fatal: string | undefined): string {
  if (fatal !== undefined || reason === "oom") return "ran out of memory";
  if (reason === "killed") return "was killed, by the system or by somebody";
  if (reason === "crashed") return `crashed (code ${code})`;
  if (reason === "launch-failed") return "could not be started";
  return `ended with code ${code}`;
}

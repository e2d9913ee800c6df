/** The names under which preload script and main process talk; the contract itself is `shared/ipc/`. */
export const ipcNames = {
  invoke: "offramp:invoke",
  cancel: "offramp:cancel",
  event: "offramp:event",
  dropped: "offramp:dropped",
} as const;

/** What needs the fleet's server; loaded only where one is asked for, see `loadFleet` of the engine. */

export { doneBy, type Fleet } from "./client/on-fleet.ts";
export { openFleet } from "./client/open-fleet.ts";
export { runPartitioned } from "./client/partition-on-fleet.ts";
export { checkThere, workersOf } from "./client/who-is-there.ts";
export { ownVersion } from "./server/own-version.ts";
export type { ServerSettings } from "./server/server-settings.ts";
export { serveJobs } from "./worker/serve-jobs.ts";
export type { WorkerIdentity, WorkerOptions } from "./worker/worker-machine.ts";

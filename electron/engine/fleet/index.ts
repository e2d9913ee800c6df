/** What needs the fleet's server; loaded only where one is asked for, see `loadFleet` of the engine. */

export { checkThere, doneBy, type Fleet, ownVersion, workersOf } from "./client/on-fleet.ts";
export { openFleet } from "./client/open-fleet.ts";
export { runPartitioned } from "./client/partition-on-fleet.ts";
export type { ServerSettings } from "./server/server-settings.ts";
export { serveJobs } from "./worker/serve-jobs.ts";
export type { WorkerIdentity, WorkerOptions } from "./worker/worker-machine.ts";

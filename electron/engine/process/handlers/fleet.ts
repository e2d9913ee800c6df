import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import type { WorkerProgress } from "../../../../shared/ipc/events.ts";
import type { Profile, Target } from "../../../../shared/model/profile.ts";
import type { ProfileOptions } from "../../../../shared/model/stage-options.ts";
import { isThisMachine } from "../../../../shared/model/this-machine.ts";
import { systemFailure } from "../../../disk/system-failure.ts";
import type { Fleet } from "../../fleet/index.ts";
import { profileKind } from "../../fleet/kinds/profile-kind.ts";
import { namedSettings } from "../../fleet/server/server-settings.ts";
import type { Project } from "../../project/project.ts";
import { withProfileFor } from "../../project/replace-profile.ts";
import type { Call } from "../call.ts";
import { type FleetLink, settingsOf } from "../fleet-link.ts";
import type { Handlers } from "../handler.ts";
import { profiledHeads } from "../profiled-heads.ts";
import type { Workspace } from "../workspace.ts";
import { withProfile } from "./profile.ts";

/** Workers of a fleet: who is there, and latencies that they measure. */
export function fleetHandlers(
  workspace: Workspace,
  link: FleetLink,
): Pick<Handlers, "fleet.workers" | "project.profileOn"> {
  return {
    "fleet.workers": async ({ server }) => {
      const { server: named } = await namedSettings(settingsOf(server));
      if (named === undefined) return { address: null, workers: [] };
      const { workersOf } = await import("../../fleet/index.ts");
      return link.ask(server, async (fleet) => ({
        address: fleet.connection.address,
        workers: await workersOf(fleet),
      }));
    },
    "project.profileOn": async ({ server, workers: named, target, seconds }, call) => {
      const workers = [...new Set(named)];
      let failures: { worker: string; message: string }[] = [];
      const project = await workspace.change("profiling", async (open) => {
        const outcomes = await link.use(server, (fleet) =>
          measureOn(fleet, workers, open, { target, seconds }, { cache: workspace.cache, call }),
        );
        failures = outcomes.flatMap((outcome) => ("message" in outcome ? [outcome] : []));
        return withMeasured(
          open,
          outcomes.flatMap((outcome) => ("profile" in outcome ? [outcome.profile] : [])),
        );
      });
      return { project, failures };
    },
  };
}

type Measured =
  | { readonly worker: string; readonly profile: Profile }
  | { readonly worker: string; readonly message: string };

/**
 * Has a project's networks timed by some workers at once.
 * @throws AppError 'cancelled' if none had finished by then
 */
async function measureOn(
  fleet: Fleet,
  workers: readonly string[],
  project: Project,
  asked: ProfileOptions,
  { cache, call }: Pick<Workspace, "cache"> & { readonly call: Call },
): Promise<Measured[]> {
  const { doneBy } = await import("../../fleet/index.ts");
  const heads = profiledHeads(project);
  const subject = { ...project, heads };
  const progress = showTogether(workers, call);
  const outcomes = await Promise.all(
    workers.map(async (worker): Promise<Measured | undefined> => {
      const shown = progress(worker);
      try {
        const context = { cache, job: shown.job };
        const options = { ...asked, heads: [] };
        const { value } = await doneBy(fleet, { worker }).run(profileKind, subject, options, context);
        shown.end("done", null);
        return { worker, profile: value };
      } catch (cause) {
        const error = cause instanceof AppError ? cause : systemFailure(cause);
        if (!error) throw cause;
        shown.end("failed", error.message);
        return error.code === "cancelled" ? undefined : { worker, message: error.message };
      }
    }),
  );
  const ended = outcomes.flatMap((outcome) => outcome ?? []);
  if (ended.length === 0) await call.job("profile").pause();
  return ended;
}

/** Shows how each of some workers gets on, and all of them as one. */
function showTogether(workers: readonly string[], call: Call) {
  const states = new Map<string, WorkerProgress>(
    workers.map((name) => [name, { name, state: "working", share: 0, note: null }]),
  );
  const together = call.job("profile");
  const show = (name: string, change: Partial<WorkerProgress>) => {
    states.set(name, { ...states.get(name)!, ...change });
    const all = [...states.values()];
    call.showWorkers(all);
    const shares = all.reduce((sum, { state, share }) => sum + (state === "working" ? share : 1), 0);
    together.report(shares, all.length);
  };
  return (name: string) => {
    const job: Job = {
      report: (done, total, note) =>
        show(name, {
          share: total > 0 ? Math.min(1, done / total) : 1,
          note: note?.replace(`${name}: `, "") ?? null,
        }),
      pause: () => together.pause(),
      warn: (text) => call.warn(text),
    };
    const end = (state: WorkerProgress["state"], note: string | null) =>
      show(name, { state, share: 1, note });
    return { job, end };
  };
}

/** The project with what was measured: a target that it has was measured again, each of its profiles once. */
function withMeasured(project: Project, profiles: readonly Profile[]): Project {
  const old = [...project.profiles];
  return profiles.reduce((changed, profile) => {
    const known = old.findIndex(({ target }) => isSameTarget(target, profile.target));
    if (known < 0) return withProfile(changed, profile);
    const [replaced] = old.splice(known, 1);
    return withProfileFor(changed, replaced, profile);
  }, project);
}

function isSameTarget(one: Target, other: Target): boolean {
  const machine = { ...other, providers: [other.provider] };
  return one.threads === other.threads && isThisMachine(one, machine);
}

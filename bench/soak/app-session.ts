import type { ProjectView } from "../../shared/files/project-view.ts";
import { emptyDesign } from "../../shared/model/design.ts";
import {
  searchOptionsSchema,
  splitOptionsSchema,
  trainOptionsSchema,
} from "../../shared/model/stage-options.ts";
import type { EngineHost } from "./engine-host.ts";
import { limits, type Places } from "./places.ts";
import type { Tally } from "./tally.ts";

const splits = splitOptionsSchema.parse({
  trainLimit: limits.train,
  calibrationLimit: limits.calibration,
  testLimit: limits.test,
});
const target = { provider: "cpu", threads: 1 };
/** Of measuring. */
const seconds = 0.3;
const options = searchOptionsSchema.parse({
  useCase: { maxDropPp: 2 },
  levels: 8,
  budget: 2000,
  maxExits: 2,
});
const formats = ["single-file", "staged"];
/** Of one step, which may be killed again and again. */
const mostTries = 50;

export interface SessionParts {
  readonly name: string;
  readonly host: EngineHost;
  readonly places: Places;
  readonly tally: Tally;
  /** How often its engine or that one's children were killed. */
  kills(): number;
  isTimeUp(): boolean;
}

/** What a project's view says that must not be lost, as text. */
function essence({ backbone, heads, outputs, profiles, front, plans, samples }: ProjectView): string {
  const found = front && {
    recommended: front.recommended,
    searches: front.searches.map(({ hypervolume }) => hypervolume),
  };
  return JSON.stringify({ sha256: backbone.sha256, heads, outputs, profiles, found, plans, samples });
}

/** Takes the sample through all stages as the window does: each change is journaled, and what was is there after a kill. */
export class AppSession {
  readonly #parts: SessionParts;
  /** What the journal holds; while it is written, what it will hold too. */
  #kept: readonly string[] = [];
  #view: ProjectView | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** @param round of its own heads, so that not everything is in the cache */
  async run(round: number): Promise<void> {
    const { host, places, name, isTimeUp } = this.#parts;
    const choice = { path: places.data, preprocess: places.preprocess, splits };
    await this.#step(
      "open model",
      async () => (await host.call("model.open", { path: places.model })).project,
    );
    await this.#step("inspect data", async () => void (await host.call("data.inspect", choice)));
    if (isTimeUp()) return;
    const heads = [{ kind: "gap-linear", options: {} }];
    const training = trainOptionsSchema.parse({ epochs: 1, seed: round });
    await this.#step("train", () => host.call("project.train", { ...choice, heads, training }));
    await this.#step("profile", () => host.call("project.profile", { target, seconds }));
    if (isTimeUp()) return;
    const profile = this.#view!.profiles[0].id;
    await this.#step("search", () => host.call("project.search", { target: profile, options }));
    const [plan] = this.#view!.plans;
    const folder = places.at("out", name);
    await this.#step("export and verify", async () => {
      const request = { folder, plan, target: profile, formats, report: true, verify: round % 2 === 0 };
      await host.call("project.export", request);
    });
    await this.#saveAndOpen(places.at("out", `${name}.offramp`));
  }

  async #saveAndOpen(path: string): Promise<void> {
    const { host } = this.#parts;
    const request = { path, design: emptyDesign, copy: true };
    await this.#step("save", async () => void (await host.call("project.save", request)));
    await this.#step("open project", async () => {
      const { project } = await host.call("project.open", { path });
      this.#expectKept(project, "the saved project");
      return project;
    });
  }

  /** Does a step again until its process survives it; what it made is journaled. */
  async #step(job: string, work: () => Promise<ProjectView | undefined>): Promise<void> {
    const { tally, kills } = this.#parts;
    for (let tries = 1; ; tries++) {
      const before = kills();
      try {
        if (tries > 1) await this.#expectRestored();
        const view = await work();
        if (view) await this.#journal(view);
        tally.finished(job);
        return;
      } catch (error) {
        if (kills() === before || tries === mostTries) throw error;
        tally.ended(job);
      }
    }
  }

  async #journal(view: ProjectView): Promise<void> {
    const { host, places, name } = this.#parts;
    const path = places.at(`${name}-journal.offramp`);
    const next = essence(view);
    this.#kept = [...this.#kept, next];
    await host.call("project.save", { path, design: emptyDesign, copy: true });
    host.journal = path;
    this.#kept = [next];
    this.#view = view;
  }

  async #expectRestored(): Promise<void> {
    const restored = await this.#parts.host.restored();
    if (!restored) return;
    this.#expectKept(restored.project, "what was journaled");
    this.#view = restored.project;
  }

  #expectKept(view: ProjectView, what: string): void {
    if (this.#kept.length > 0 && !this.#kept.includes(essence(view)))
      this.#parts.tally.lost(`${this.#parts.name}: ${what} is not what it was`);
  }
}

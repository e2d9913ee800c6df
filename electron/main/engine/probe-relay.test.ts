import { expect, it } from "vitest";
import type { ProbeReport } from "../../../shared/ipc/engine-protocol.ts";
import { type ProbePort, type ProbePortListener, ProbeRelay } from "./probe-relay.ts";

class FakeChild implements ProbePort {
  readonly posted: unknown[] = [];
  isKilled = false;
  constructor(readonly listener: ProbePortListener) {}
  post(message: unknown): void {
    this.posted.push(message);
  }
  kill(): void {
    this.isKilled = true;
  }
}

it("carries what engine and children say to each other, each by its name", () => {
  const children: FakeChild[] = [];
  const reports: ProbeReport[] = [];
  const relay = new ProbeRelay(
    (listener) => {
      children.push(new FakeChild(listener));
      return children.at(-1)!;
    },
    (report) => reports.push(report),
  );
  relay.obey({ order: "start", id: "a" });
  relay.obey({ order: "start", id: "b" });
  children[0].listener.started(7);
  relay.obey({ order: "say", id: "b", message: "for b" });
  children[1].listener.said("from b");
  relay.obey({ order: "kill", id: "a" });
  children[0].listener.ended("was killed");
  relay.obey({ order: "say", id: "a", message: "too late" });
  relay.obey({ order: "kill", id: "unknown" });
  expect(children.map(({ posted, isKilled }) => [posted, isKilled])).toEqual([
    [[], true],
    [["for b"], false],
  ]);
  expect(reports).toEqual([
    { report: "started", id: "a", pid: 7 },
    { report: "said", id: "b", message: "from b" },
    { report: "ended", id: "a", how: "was killed" },
  ]);
  relay.endAll();
  expect(children[1].isKilled).toBe(true);
});

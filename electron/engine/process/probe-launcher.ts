import { randomUUID } from "node:crypto";
import { assertNever } from "../../../shared/base/errors.ts";
import type { ProbeOrder, ProbeReport } from "../../../shared/ipc/engine-protocol.ts";
import type { ProbeLauncher, ProbeListener, ProbeMessage } from "../onnx/probe/model-probe-protocol.ts";
import { keepModel } from "../onnx/probe/probe-model-file.ts";

interface Relayed {
  readonly listener: ProbeListener;
  pid: number | undefined;
  /** Resolves when the child runs, or can't. */
  readonly settled: Promise<void>;
  readonly ended: Promise<void>;
  readonly settle: () => void;
  readonly end: () => void;
}

export interface RelayedProbes {
  readonly launch: ProbeLauncher;
  /** Takes the main process's reports. */
  receive(report: ProbeReport): void;
}

/** Has the main process start the children, which only it can in a packaged app. */
export function relayedProbes(order: (order: ProbeOrder) => void): RelayedProbes {
  const children = new Map<string, Relayed>();

  function receive(report: ProbeReport): void {
    const child = children.get(report.id);
    switch (report.report) {
      case "started":
        if (child) child.pid = report.pid;
        child?.settle();
        break;
      case "said":
        // What the child said, as its own code declares it.
        child?.listener.said(report.message as ProbeMessage);
        break;
      case "ended":
        if (child) child.pid = undefined;
        children.delete(report.id);
        child?.listener.died(report.how);
        child?.settle();
        child?.end();
        break;
      default:
        assertNever(report);
    }
  }

  const launch: ProbeLauncher = async (model, listener) => {
    const kept = await keepModel(model);
    const id = randomUUID();
    const child = relayed(listener);
    children.set(id, child);
    order({ order: "start", id });
    await child.settled;
    return {
      get pid() {
        return child.pid;
      },
      send: (request) => order({ order: "say", id, message: { ...request, modelPath: kept.path } }),
      end: async () => {
        if (children.has(id)) order({ order: "kill", id });
        await child.ended;
        await kept.remove();
      },
    };
  };
  return { launch, receive };
}

function relayed(listener: ProbeListener): Relayed {
  let settle = () => {};
  let end = () => {};
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { listener, pid: undefined, settled, ended, settle, end };
}

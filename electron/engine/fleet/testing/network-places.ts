import { spawnSync } from "node:child_process";

/**
 * For tests: two places in a network of their own with a cable between them, as network namespaces, which need root. Nothing of it
 * touches this machine's network, from which neither place can be reached.
 */
export interface NetworkPlaces {
  /** Before a program and its arguments: runs it there. */
  readonly near: readonly string[];
  readonly far: readonly string[];
  /** How the far place is called from the near one. */
  readonly farAddress: string;
  /**
   * Slows the cable down, in both directions.
   * @returns what this system's kernel can do of it: where it has no way to delay, bandwidth alone is shaped
   */
  shape(link: { readonly delayMs: number; readonly megabits: number }): "all" | "bandwidth" | "nothing";
  /** Pulls the cable: from now on nothing goes through, and nobody is told. */
  cut(): void;
  mend(): void;
  /** Once nothing runs there any more. */
  remove(): void;
}

const addresses = ["10.0.0.1", "10.0.0.2"] as const;

export function createNetworkPlaces(): NetworkPlaces {
  const names = ["far", "near"].map(nameOf);
  const [far, near] = names.map(runIn);
  for (const name of names) command("ip", "netns", "add", name);
  const peer = ["peer", "name", "eth0", "netns", names[1]];
  command("ip", "link", "add", "eth0", "netns", names[0], "type", "veth", ...peer);
  for (const [at, run] of [far, near].entries()) {
    command(...run, "ip", "address", "add", `${addresses[at]}/30`, "dev", "eth0");
    for (const link of ["lo", "eth0"]) command(...run, "ip", "link", "set", link, "up");
  }
  const shaped = (...discipline: string[]) =>
    [far, near].every((run) =>
      succeeds(...run, "tc", "qdisc", "replace", "dev", "eth0", "root", ...discipline),
    );
  return {
    near,
    far,
    farAddress: addresses[0],
    shape: ({ delayMs, megabits }) => {
      const rate = ["rate", `${megabits}mbit`];
      if (shaped("netem", "delay", `${delayMs}ms`, ...rate)) return "all";
      return shaped("tbf", ...rate, "burst", "16kb", "latency", "400ms") ? "bandwidth" : "nothing";
    },
    cut: () => command(...far, "ip", "link", "set", "eth0", "down"),
    mend: () => command(...far, "ip", "link", "set", "eth0", "up"),
    remove: () => {
      for (const name of names) command("ip", "netns", "delete", name);
    },
  };
}

/** Whether this process may make such places; not so in most containers, and where iproute2 isn't installed. */
export function mayMakePlaces(): boolean {
  const name = nameOf("try");
  if (!succeeds("ip", "netns", "add", name)) return false;
  const may = succeeds(...runIn(name), "ip", "link", "set", "lo", "up");
  return succeeds("ip", "netns", "delete", name) && may;
}

/** What a test that is skipped says. */
export const noPlaces = "no network namespaces: they need root and iproute2";

/** This process's own, so that tests beside each other don't meet. */
function nameOf(place: string): string {
  return `offramp-${process.pid}-${place}`;
}

function runIn(name: string): string[] {
  return ["ip", "netns", "exec", name];
}

function succeeds(...[program, ...args]: string[]): boolean {
  return spawnSync(program, args).status === 0;
}

function command(...words: string[]): void {
  const [program, ...args] = words;
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
}

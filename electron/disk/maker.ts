import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A draft this old is abandoned, where its name doesn't tell whose it is, or the process can't be looked up from here. */
const abandonedMs = 24 * 3600e3;

const makerPattern = /(?<![0-9a-z])(\d+)-([0-9a-z]+)-([0-9a-f]{6})(?![0-9a-z])/;

let own: string | undefined;

/**
 * This process as names of drafts and temporary folders hold it: its id, when it started, and the machine (or container)
 * where ids mean anything.
 */
export function makerName(): string {
  own ??= `${process.pid}-${processState(process.pid)?.started ?? "0"}-${placeName()}`;
  return own;
}

/**
 * Whether nobody works any more on what has this name: its maker is gone, or can't be asked and it is a day old.
 * @param modifiedMs when it was last changed
 */
export function isAbandoned(name: string, modifiedMs: number): boolean {
  const found = makerPattern.exec(name);
  if (!found || found[3] !== placeName()) return Date.now() - modifiedMs > abandonedMs;
  return !isRunning(Number(found[1]), found[2]);
}

function isRunning(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const state = processState(pid);
  return !state || (!state.isEnded && (started === "0" || state.started === started));
}

/** What Linux tells of a process; ids are used again, and one that was killed is listed until its parent has noticed. */
function processState(pid: number): { started: string; isEnded: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets, the second field, may hold anything; the state is the third, the start the 22nd.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { started: Number(fields[19]).toString(36), isEnded: "ZX".includes(fields[0]) };
  } catch {
    return undefined;
  }
}

let place: string | undefined;

function placeName(): string {
  place ??= createHash("sha256").update(`${hostname()} ${processIds()}`).digest("hex").slice(0, 6);
  return place;
}

/** The namespace of process ids, since containers may share a host's name. */
function processIds(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

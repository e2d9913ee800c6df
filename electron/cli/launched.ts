import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { isatty, WriteStream } from "node:tty";
import { Worker } from "node:worker_threads";

/** Numbers that the launcher (`offramp.ts`) gives the person's error stream and the pipe that closes when it ends. */
const errorStream = 3;
const launcherPipe = 4;

/** From now on `process.stderr` is the error stream that the person sees, and the launcher leaves the last word to us. */
export function takeErrorStreamOfLauncher(): void {
  const stream = isatty(errorStream) ? new WriteStream(errorStream) : plainStream(errorStream);
  Object.defineProperty(process, "stderr", { value: stream, configurable: true });
  writeSync(launcherPipe, "!");
}

/** Written at once, as Node does for files and pipes, so that nothing is lost at the end. */
function plainStream(descriptor: number): Writable {
  return new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      try {
        for (let start = 0; start < chunk.length; ) start += writeSome(descriptor, chunk.subarray(start));
        done();
      } catch (cause) {
        done(cause as Error);
      }
    },
  });
}

/** A reader that is slow has a pipe say "again"; it is shared, so it can't be made to wait instead. */
function writeSome(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EAGAIN") throw cause;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    return 0;
  }
}

/** Ends this process with its launcher, also while its own thread is busy. */
export function endWithLauncher(): void {
  const code = `
    const { Socket } = require("node:net");
    new Socket({ fd: ${launcherPipe} }).on("error", () => {}).on("close", () => process.kill(process.pid, "SIGKILL")).resume();
  `;
  new Worker(code, { eval: true, execArgv: [] }).unref();
}

import type { Command } from "commander";
import { providersHere } from "../../engine/index.ts";
import { table } from "../format.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

/** What `--provider` can be on this machine. */
export function providersCommand(command: Command): void {
  command
    .command("providers")
    .description("list ONNX Runtime's execution providers, and which of them work on this machine")
    .action((_own: unknown, self: Command) =>
      runCommand(self.optsWithGlobals<CommonOptions>(), async ({ print }) => {
        const providers = await providersHere();
        const rows = providers.map(({ name, obstacle }) => [
          name,
          obstacle === null ? "works" : `no: ${obstacle}`,
        ]);
        print({ providers }, table(["provider", "on this machine"], rows));
      }),
    );
}

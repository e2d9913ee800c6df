import type { Command } from "../app/command.ts";

export const pipelineCommands: readonly Command[] = [];

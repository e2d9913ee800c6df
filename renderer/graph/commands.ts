import type { Command } from "../app/command.ts";

export const graphCommands: readonly Command[] = [];

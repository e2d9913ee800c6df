import type { Command } from "commander";

/** Makes commander's complaints one line in the form of all our errors: what is wrong, and where help is. */
export function reportUsageInOneLine(command: Command): void {
  const name = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  command.configureOutput({
    outputError: (text, write) => write(`offramp: ${usageMessage(text)}; see \`${name} --help\`\n`),
  });
}

/** "error: unknown option '--jsn'\n(Did you mean --json?)\n" as one line without the word and the full stop. */
export function usageMessage(text: string): string {
  return text
    .replace(/^error: /, "")
    .trim()
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
}

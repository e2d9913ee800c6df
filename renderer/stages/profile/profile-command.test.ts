import { expect, test } from "vitest";
import { profileCommand, shellWord } from "./profile-command.ts";

test("the command names the saved file and the target", () => {
  const project = { name: "resnet", projectPath: "/home/a b/my net.offramp" };
  expect(profileCommand(project, { provider: "cpu", threads: 2 })).toBe(
    "offramp profile 'my net.offramp' --provider cpu --threads 2 --out profile.json",
  );
  expect(profileCommand({ name: "resnet", projectPath: null }, { provider: "cpu", threads: 1 })).toContain(
    "profile resnet.offramp ",
  );
});

test("hostile names stay one word of the shell", () => {
  expect(shellWord("$(rm -rf ~).offramp")).toBe("'$(rm -rf ~).offramp'");
  expect(shellWord("it's")).toBe("'it'\\''s'");
  expect(shellWord("--out")).toBe("./--out");
});

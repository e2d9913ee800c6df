import { expect, test } from "vitest";
import { AppError, type ErrorDetails, messageWithRemedy, missingThings, type Remedies } from "./errors.ts";

const remedies = Object.fromEntries(missingThings.map((thing) => [thing, `get ${thing}`])) as Remedies;

test("an error that says what is missing is followed by what to do, any other stands alone", () => {
  const missing = new AppError("file-invalid", "p.json is no profile", { missing: "profile" });
  expect(messageWithRemedy(missing, remedies)).toBe("p.json is no profile; get profile");
  const others: ErrorDetails[] = [{}, { missing: "manners" }, { missing: 3 }];
  const precise = { ...remedies, plan: ({ cut }: ErrorDetails) => `cut it at ${cut}` };
  const plan = new AppError("usage", "no plan", { missing: "plan", cut: "b" });
  expect(messageWithRemedy(plan, precise)).toBe("no plan; cut it at b");
  for (const details of others)
    expect(messageWithRemedy(new AppError("usage", "no", details), remedies)).toBe("no");
});

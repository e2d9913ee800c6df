import { expect, test } from "vitest";
import { unreadReason } from "./unread-file.ts";

test("a newer file is named as such, anything else as no file of the kind", () => {
  expect(unreadReason("profile", 2, { format: "offramp-profile", version: 3 })).toBe(
    "is an Offramp profile of version 3; this Offramp reads versions up to 2, so get a newer one",
  );
  for (const content of [undefined, null, "text", [], { version: "3" }, { version: 2 }])
    expect(unreadReason("profile", 2, content)).toBe(
      "is no Offramp profile of version 1 to 2, or is damaged",
    );
});

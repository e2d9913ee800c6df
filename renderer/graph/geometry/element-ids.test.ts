import { expect, test } from "vitest";
import { blockId, exitId, networkId, operatorId, parseId } from "./element-ids.ts";

test("ids of the backbone's elements are bare, those of others bear their network", () => {
  expect(blockId({ index: 3 })).toBe("block:3");
  expect(exitId({ member: "ab12", index: 0 })).toBe("ab12/exit:0");
  expect(networkId({ member: "ab12" })).toBe("ab12/network");
});

test("what is put into an id comes out of it, whatever an operator is called", () => {
  expect(parseId("block:3")).toEqual({ kind: "block", name: "3" });
  expect(parseId("ab12/output")).toEqual({ kind: "output", name: "", member: "ab12" });
  for (const name of ["/layer1/conv:0", "a/block:1", "two\nlines", ""])
    for (const member of [undefined, "ab12"])
      expect(parseId(operatorId(member, name))).toEqual({
        kind: "operator",
        name,
        ...(member && { member }),
      });
  expect(parseId("nothing:1")).toBeUndefined();
});

import { expect, test } from "vitest";
import { describePartition, describeSharing } from "./describe-partition.ts";
import { networkTitles } from "./network-titles.ts";

const networks = ["resnet56", "resnet20", "resnet8"].map((name) => ({
  sha256: `sha of ${name}`,
  name,
  input: { name: "image" },
}));
const titles = networkTitles(networks);
const [big, small, tiny] = networks.map(({ sha256 }) => sha256);
const chain = [small, big];
const place = (way: object) => describePartition(way, networks, titles, (tensor) => `block of ${tensor}`);
const sharing = (way: object) => describeSharing(way, networks, titles, "rack");

test("a partition is told by its place, and by its network where there are several", () => {
  expect(place({})).toBe("nowhere");
  expect(place({ cut: "image" })).toBe("at the input");
  expect(place({ cut: "relu2" })).toBe("after block of relu2");
  expect(place({ chain: [small], cut: "image", cutMember: small })).toBe("at the input");
  expect(place({ chain, cut: "image" })).toBe("before resnet56");
  expect(place({ chain, cut: "relu2", cutMember: small })).toBe("after block of relu2 of resnet20");
});

test("what device and server do is told of several networks", () => {
  expect(sharing({ cut: "image" })).toBeUndefined();
  expect(sharing({ chain })).toBeUndefined();
  expect(sharing({ chain, cut: "image" })).toBe(
    "the device runs resnet20; images of samples that it is unsure of go to rack, which runs resnet56",
  );
  expect(sharing({ chain, cut: "image", cutMember: small })).toBe(
    "every image goes to rack, which runs resnet20, then resnet56",
  );
  expect(sharing({ chain: [tiny, small, big], cut: "relu2", cutMember: small })).toBe(
    "the device runs resnet8, then resnet20 up to relu2; features and images of samples that they are unsure of go to rack, " +
      "which runs the rest of resnet20, then resnet56",
  );
  expect(sharing({ chain, cut: "relu2" })).toBe(
    "the device runs resnet20, then resnet56 up to relu2; features of samples that they are unsure of go to rack, which runs the rest of resnet56",
  );
});

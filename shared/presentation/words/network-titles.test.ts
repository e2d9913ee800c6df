import { expect, test } from "vitest";
import { networkTitles } from "./network-titles.ts";

function shortNames(...names: string[]): string[] {
  const networks = names.map((name, index) => ({ name, sha256: `${index}` }));
  return networks.map(({ sha256 }) => networkTitles(networks).short(sha256));
}

test("short names go without what all begin and end with, up to where a name begins", () => {
  expect(shortNames("ft_resnet56", "ft_resnet20")).toEqual(["resnet56", "resnet20"]);
  expect(shortNames("cifar-big.v1", "cifar-small.v1", "cifar-tiny.v2")).toEqual([
    "big.v1",
    "small.v1",
    "tiny.v2",
  ]);
  expect(shortNames("net_resnet20_fp32", "net_vgg_fp32")).toEqual(["resnet20", "vgg"]);
  // No separator: nobody knows where a name begins.
  expect(shortNames("resnet56", "resnet20")).toEqual(["resnet56", "resnet20"]);
});

test("a tuned network is called as the one that it was tuned from", () => {
  expect(shortNames("cifar_resnet56_fp32", "cifar_resnet20_fp32", "cifar_resnet56_fp32 tuned")).toEqual([
    "resnet56",
    "resnet20",
    "resnet56 tuned",
  ]);
  // There is nothing else beside it.
  expect(shortNames("ft_resnet56", "ft_resnet56 tuned")).toEqual(["ft_resnet56", "ft_resnet56 tuned"]);
});

test("what is left is a name still", () => {
  expect(shortNames("my_resnet-20", "my_resnet-56")).toEqual(["resnet-20", "resnet-56"]);
  expect(shortNames("net_s", "net_l")).toEqual(["net_s", "net_l"]);
  expect(shortNames("net_", "net_small")).toEqual(["net_", "net_small"]);
  expect(shortNames("ft_resnet56")).toEqual(["ft_resnet56"]);
});

test("no two networks are called the same", () => {
  const networks = ["model", "model", "model (2)"].map((name, index) => ({ name, sha256: `${index}` }));
  const { whole, short } = networkTitles(networks);
  expect(networks.map(({ sha256 }) => whole(sha256))).toEqual(["model", "model (2)", "model (2) (2)"]);
  expect(networks.map(({ sha256 }) => short(sha256))).toEqual(["model", "model (2)", "model (2) (2)"]);
  // They differ in the middle that is given up.
  const alike = shortNames(`a${"b".repeat(20)}x${"c".repeat(20)}`, `a${"b".repeat(20)}y${"c".repeat(20)}`);
  expect(alike).toEqual(["abbbbbbbbb…ccccccccc", "abbbbbbbbb…ccccccccc (2)"]);
});

test("the backbone is the first one, and needs no name to be spoken of", () => {
  const names = networkTitles([
    { name: "big", sha256: "b" },
    { name: "small\u202e", sha256: "s" },
  ]);
  expect([names.backbone, names.whole(), names.whole("b"), names.whole("s")]).toEqual([
    "b",
    "big",
    "big",
    "small\\u202e",
  ]);
  expect(names.whole("0123456789")).toBe("01234567…");
  expect(networkTitles([]).whole()).toBe("backbone");
});

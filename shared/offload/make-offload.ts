import type { MemberLatencies } from "../chains/chain-network.ts";
import type { Link } from "../model/link.ts";
import { memberProfile, type Profile } from "../model/profile.ts";
import {
  answerBytes,
  crossingImage,
  type ImageForm,
  type PreparedNetwork,
  partitionPoints,
} from "./partition-points.ts";
import type { Offload, OffloadedNetwork } from "./partition-space.ts";

/** A project's networks. */
export interface PreparedNetworks extends PreparedNetwork {
  readonly members?: readonly PreparedNetwork[];
}

/**
 * A second target for a project's networks, which may be partitioned between two of them and wherever one has a cut point.
 * @param images how they are counted on the link; as bytes if absent where there are several networks
 */
export function makeOffload(
  networks: PreparedNetworks,
  server: Profile,
  link: Link,
  images: ImageForm = (networks.members ?? []).length > 0 ? "bytes" : "tensor",
): Offload {
  const { backbone, members = [] } = networks;
  const offloaded = (network: PreparedNetwork, latencies?: MemberLatencies): OffloadedNetwork => ({
    sha256: network.backbone.sha256,
    name: network.backbone.name,
    latencies,
    input: network.backbone.input.name,
    image: crossingImage(network, images),
    cutPoints: partitionPoints(network.backbone),
  });
  return {
    server,
    link,
    images,
    backbone: offloaded(networks, server),
    members: members.map((member) => offloaded(member, memberProfile(server, member.backbone))),
    answerBytes: answerBytes(backbone),
  };
}

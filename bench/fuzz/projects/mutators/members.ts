import { randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { wireMutators } from "../../wire/index.ts";
import { deflateBomb } from "../../zip-bytes.ts";
import { type ProjectSubject, setBytes } from "../project-subject.ts";

export const removeMember: Mutator<ProjectSubject> = {
  id: "remove-member",
  mutate: (subject, random) => {
    subject.members.splice(randomInteger(random, subject.members.length), 1);
    return subject.members.length > 0;
  },
};

/** Two members hold each other's bytes. */
export const swapMembers: Mutator<ProjectSubject> = {
  id: "swap-members",
  mutate: (subject, random) => {
    const [a, b] = [0, 0].map(() => randomInteger(random, subject.members.length));
    const [first, second] = [subject.members[a].bytes, subject.members[b].bytes];
    setBytes(subject, a, second);
    setBytes(subject, b, first);
    return a !== b;
  },
};

/** Again under its own name, or another one. */
export const repeatMember: Mutator<ProjectSubject> = {
  id: "repeat-member",
  mutate: (subject, random) => {
    const member = pick(random, subject.members);
    const name = random() < 0.5 ? member.name : hostileName(random);
    const most = Math.min(70_000, Math.max(2, Math.floor(5e6 / (member.bytes.length + 100))));
    subject.members.push(...Array.from({ length: manyTimes(random, most) }, () => ({ ...member, name })));
    return true;
  },
};

export const damageMember: Mutator<ProjectSubject> = {
  id: "damage-member",
  mutate: (subject, random) => {
    const at = randomInteger(random, subject.members.length);
    const wire = { bytes: subject.members[at].bytes };
    if (!pick(random, wireMutators).mutate(wire, random)) return false;
    setBytes(subject, at, wire.bytes);
    return true;
  },
};

/** The archive says that a member unpacks to another size than it does. */
export const claimSize: Mutator<ProjectSubject> = {
  id: "claim-size",
  mutate: (subject, random) => {
    const at = randomInteger(random, subject.members.length);
    const claimedBytes = pick(random, [0, 1, 2 ** 20, 2 ** 30, 2 ** 31, 2 ** 32 - 1]);
    subject.members[at] = { ...subject.members[at], deflate: random() < 0.7, claimedBytes };
    return true;
  },
};

/** A member that unpacks to far more than it is. */
export const bombMember: Mutator<ProjectSubject> = {
  id: "bomb-member",
  mutate: (subject, random) => {
    const mebibytes = manyTimes(random, 4000);
    const honest = random() < 0.5;
    const name = random() < 0.7 ? pick(random, subject.members).name : hostileName(random);
    subject.members = subject.members.filter((member) => member.name !== name);
    subject.members.push({
      name,
      bytes: new Uint8Array(),
      deflated: deflateBomb(mebibytes, pick(random, [0, 32, 91])),
      claimedBytes: honest ? mebibytes * 2 ** 20 : pick(random, [0, 100, 1e6]),
    });
    return true;
  },
};

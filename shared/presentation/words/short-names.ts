/** What is left of a name has to be one still: not "20" of "resnet-20". */
const leastLength = 3;

/** Namesakes are numbered, the first one excepted: "model", "model (2)". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; taken.has(own); number++) own = `${name} (${number})`;
    taken.add(own);
    return own;
  });
}

/** Names without what all of them begin and end with, up to a separator: "resnet20" of "cifar_resnet20_fp32". */
export function withoutCommonEnds(names: readonly string[]): readonly string[] {
  return mirrored(withoutCommonStart(mirrored(withoutCommonStart(names))));
}

function mirrored(names: readonly string[]): string[] {
  return names.map((name) => [...name].reverse().join(""));
}

/** Goes back from where names part to the last separator behind which all of them are names still. */
function withoutCommonStart(names: readonly string[]): readonly string[] {
  const [first] = names;
  for (let start = sharedLength(names); start > 0; start--) {
    if (!/[-_./ ]/.test(first[start - 1])) continue;
    const rest = names.map((name) => name.slice(start));
    if (rest.every((name) => name.length >= leastLength && /\p{L}/u.test(name))) return rest;
  }
  return names;
}

/** Characters that all names begin with. */
function sharedLength([first, ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  return length;
}

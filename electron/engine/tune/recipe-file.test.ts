import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { type Recipe, readRecipe, recipeDifferences } from "./recipe-file.ts";

const made = { network: "aa", exits: [{ cutPoint: "block1", head: "gap-linear", key: "bb" }], data: "cc" };
const recipe: Recipe = { epochs: 3, learningRate: 0.1, flip: true, made };

test("a recipe is read as it was written", async () => {
  const folder = await temporaryFolder({ "recipe.json": JSON.stringify(recipe) });
  expect(await readRecipe(folder)).toEqual(recipe);
});

test.each([
  ["no JSON", "{"],
  ["another file", '{"epochs": 3}'],
  ["epochs that are no number", JSON.stringify({ ...recipe, epochs: "3" })],
  ["lists in lists", `{"epochs": 1, "x": ${"[".repeat(20)}${"]".repeat(20)}}`],
])("%s is no recipe", async (_name, text) => {
  const folder = await temporaryFolder({ "recipe.json": text });
  await expect(readRecipe(folder)).rejects.toMatchObject({
    code: "file-invalid",
    message: `${join(folder, "recipe.json")} is no recipe of a training as Offramp writes it; give the folder that it wrote`,
  });
});

test("a folder without one, or with one of many megabytes, is refused", async () => {
  const folder = await temporaryFolder({ "large/recipe.json": " ".repeat(4e6 + 1) });
  await expect(readRecipe(folder)).rejects.toMatchObject({
    code: "file-not-found",
    message: `${folder} holds no training: it has no recipe.json; give the folder that Offramp wrote`,
  });
  await expect(readRecipe(join(folder, "large"))).rejects.toMatchObject({ code: "file-unreadable" });
});

test("recipes are told apart by what differs, in words", () => {
  expect(recipeDifferences(recipe, { ...recipe, made: { ...made } })).toEqual([]);
  expect(recipeDifferences(recipe, { ...recipe, epochs: 4, learningRate: 0.2 })).toEqual([
    "epochs",
    "learning rate",
  ]);
  const { flip: _flip, ...older } = recipe;
  expect(recipeDifferences(older, recipe)).toEqual(["flip"]);
  const other = { network: "a", exits: [], data: "c", teacher: "d" };
  expect(recipeDifferences({ ...recipe, made: other }, recipe)).toEqual([
    "network",
    "exits",
    "images",
    "teacher",
  ]);
});

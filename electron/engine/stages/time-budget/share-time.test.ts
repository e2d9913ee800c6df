import { describe, expect, it } from "vitest";
import { type Amounts, type Bounds, expectedOf, type Pace, shareTime } from "./share-time.ts";

/** A network of 0.3 s an image, with fifty cut points. */
const slow: Pace = {
  image: 0.3,
  trainImage: 0.3,
  rivals: 0,
  verified: 0.6,
  headImage: 0.0005,
  head: 1,
  round: 3,
  roundPerHead: 5,
  profilePerHead: 10,
  corrupted: 0,
  shifts: 0,
};
const most: Amounts = {
  train: 20_000,
  calibration: 5000,
  test: 5000,
  cutPoints: 50,
  kinds: 2,
  epochs: 10,
  rounds: 10,
  corrupted: 0,
};
const least: Amounts = {
  train: 200,
  calibration: 200,
  test: 50,
  cutPoints: 1,
  kinds: 1,
  epochs: 3,
  rounds: 4,
  corrupted: 0,
};
const bounds: Bounds = { least, most };

const totalSeconds = (amounts: Amounts, pace: Pace) =>
  Object.values(expectedOf(amounts, pace)).reduce((sum, seconds) => sum + seconds, 0);

describe("time that is shared", () => {
  it("is counted as the stages take it", () => {
    const heads = { cutPoints: 3, kinds: 2, epochs: 5, rounds: 4 };
    const amounts = { train: 100, calibration: 10, test: 20, ...heads, corrupted: 15 };
    const pace = { ...slow, trainImage: 0.9, rivals: 0.1, corrupted: 8, shifts: 26 };
    const expected = expectedOf(amounts, pace);
    // Images in three versions, 6 heads of 5 epochs on 100 images, and 6 heads besides.
    expect(expected.train).toBeCloseTo(100 * 0.9 + 100 * 6 * 5 * 0.0005 + 6 * 1, 10);
    expect(expected.calibrate).toBeCloseTo(30 * 0.4, 10);
    expect(expected.profile).toBeCloseTo(4 * (3 + 6 * 5) + 6 * 10, 10);
    expect(expected.verify).toBeCloseTo(20 * 0.6, 10);
    expect(expected.robustness).toBeCloseTo(26 + 15 * 8, 10);
    expect(expectedOf({ ...amounts, corrupted: 0 }, pace).robustness).toBe(0);
  });

  it("does all that is wanted where there is time for it", () => {
    const enough = Math.ceil(totalSeconds(most, slow));
    expect(shareTime(enough, slow, bounds).amounts).toEqual(most);
    expect(shareTime(enough - 10, slow, bounds).amounts).not.toEqual(most);
  });

  it("keeps to the time, and uses nearly all of it", () => {
    for (const seconds of [600, 800, 1800, 6000]) {
      const { amounts, expected } = shareTime(seconds, slow, bounds);
      const total = Object.values(expected).reduce((sum, part) => sum + part, 0);
      expect(total).toBe(totalSeconds(amounts, slow));
      expect(total).toBeLessThanOrEqual(seconds);
      expect(total).toBeGreaterThan(0.97 * seconds);
      for (const key of Object.keys(amounts) as (keyof Amounts)[]) {
        expect(amounts[key]).toBeGreaterThanOrEqual(least[key]);
        expect(amounts[key]).toBeLessThanOrEqual(most[key]);
        expect(Number.isInteger(amounts[key])).toBe(true);
      }
    }
  });

  it("gives each amount what one more second gains the same for", () => {
    const { amounts } = shareTime(1800, slow, bounds);
    const heads = amounts.cutPoints * amounts.kinds;
    // Of w / sqrt(x), one more second gains w / (2 c x^1.5).
    const gain = (weight: number, cost: number, amount: number) => weight / (2 * cost * amount ** 1.5);
    const train = gain(60, slow.image + heads * amounts.epochs * slow.headImage, amounts.train);
    const calibration = gain(22, slow.image, amounts.calibration);
    const test = gain(22, slow.image + slow.verified, amounts.test);
    expect(calibration / train).toBeCloseTo(1, 1);
    expect(test / train).toBeCloseTo(1, 1);
    expect(amounts.test).toBeLessThan(amounts.calibration);
  });

  it("finds no better share among many others of the same time", () => {
    const loss = ({ train, calibration, test, cutPoints, kinds, epochs, rounds }: Amounts) =>
      60 / Math.sqrt(train) +
      22 / Math.sqrt(calibration) +
      22 / Math.sqrt(test) +
      30 / cutPoints +
      1 / kinds +
      6 / epochs +
      5 / Math.sqrt(rounds);
    const best = loss(shareTime(900, slow, bounds).amounts);
    let tried = 0;
    for (const train of [200, 400, 700, 1000, 1500])
      for (const calibration of [200, 300, 450, 700])
        for (const test of [50, 100, 200, 300])
          for (const cutPoints of [1, 2, 4, 6, 9, 12])
            for (const rounds of [4, 6, 10]) {
              const rest = { kinds: 1, epochs: 3, rounds, corrupted: 0 };
              const other = { train, calibration, test, cutPoints, ...rest };
              if (totalSeconds(other, slow) > 900) continue;
              tried++;
              expect(loss(other)).toBeGreaterThanOrEqual(best - 0.01);
            }
    expect(tried).toBeGreaterThan(200);
  });

  it("has more of everything with more time, and the least with too little", () => {
    const [short, long] = [700, 3000].map((seconds) => shareTime(seconds, slow, bounds).amounts);
    for (const key of ["train", "calibration", "test", "cutPoints"] as const)
      expect(long[key]).toBeGreaterThan(short[key]);
    expect(shareTime(10, slow, bounds).amounts).toEqual(least);
  });

  it("corrupts images as far as that gains as much as the rest, and none where there is time for nothing besides", () => {
    const pace = { ...slow, corrupted: 8, shifts: 26 };
    const trying = { least: { ...least, corrupted: 50 }, most: { ...most, corrupted: 1000 } };
    const { test, corrupted } = shareTime(6000, pace, trying).amounts;
    expect(corrupted).toBeGreaterThan(50);
    // Both lose 22 / sqrt(n), so that numbers go with the costs to the power of -2/3.
    expect(test / corrupted).toBeCloseTo((8 / (slow.image + slow.verified)) ** (2 / 3), 0);
    const leastSeconds = totalSeconds(trying.least, pace);
    expect(shareTime(leastSeconds, pace, trying).amounts.corrupted).toBe(50);
    const seconds = leastSeconds - 1;
    expect(shareTime(seconds, pace, trying)).toEqual(shareTime(seconds, pace, bounds));
  });

  it("leaves alone what is settled already", () => {
    const known = { train: 500, cutPoints: 7, kinds: 1, epochs: 5 };
    const { amounts } = shareTime(1500, slow, {
      least: { ...least, ...known },
      most: { ...most, ...known },
    });
    expect(amounts).toMatchObject(known);
    expect(totalSeconds(amounts, slow)).toBeGreaterThan(0.97 * 1500);
  });
});

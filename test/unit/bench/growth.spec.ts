import assert from "node:assert/strict";
import { exponent, growthOf, type Measured, type Sized } from "../../../bench/growth";

const sizes = [100, 400, 1600];
const around = (median: number, noise = 0): Measured => ({ median, min: median - noise, max: median + noise });
const sized = (ours: (size: number) => Measured, floor?: (size: number) => Measured): Sized[] =>
  sizes.map((size) => ({ size, ours: ours(size), ...(floor && { floor: floor(size) }) }));

describe("bench › growth", () => {
  for (const power of [0, 0.5, 1, 2]) {
    it(`of a cost that grows with the power ${power} of its size is ${power}`, () => {
      const found = exponent(sizes.map((size) => ({ size, value: 3 * size ** power })));
      assert.ok(Math.abs(found - power) < 1e-9, String(found));
    });
  }

  it("is that of the line that lies closest, where no line meets every point", () => {
    const found = exponent([
      { size: 1, value: 1 },
      { size: 10, value: 100 },
      { size: 100, value: 100 },
    ]);
    assert.ok(Math.abs(found - 1) < 1e-9, String(found));
  });

  it("can't be told from a single size, nor is it from two", () => {
    assert.throws(() => exponent([{ size: 1, value: 1 }]), /two sizes/);
    assert.equal(growthOf(sized(() => around(1)).slice(1)), undefined);
  });

  it("is the job's own where there is no floor", () => {
    const growth = growthOf(sized((size) => around(size / 1000)));
    assert.equal(growth?.by, "own");
    assert.ok(Math.abs(growth.value - 1) < 1e-9);
  });

  it("is that of the difference where the difference stands out from the noise at every size", () => {
    const growth = growthOf(
      sized(
        (size) => around(size ** 2 + size, 1),
        (size) => around(size ** 2, 1),
      ),
    );
    assert.equal(growth?.by, "difference");
    assert.ok(Math.abs(growth.value - 1) < 1e-9);
    assert.ok(growth.floor! > 1.99);
  });

  it("is that of the difference over two sizes, where it is lost in the noise at a small one", () => {
    const growth = growthOf(
      sized(
        (size) => around(500 + size, size === 100 ? 200 : 0),
        () => around(500),
      ),
    );
    assert.equal(growth?.by, "difference");
    assert.ok(Math.abs(growth.value - 1) < 1e-9);
  });

  it("is what lies above the floor's where the difference is lost in the noise at the largest size", () => {
    const growth = growthOf(
      sized(
        (size) => around(size + 5, size === 1600 ? 10 : 0),
        (size) => around(size),
      ),
    );
    assert.equal(growth?.by, "excess");
    assert.ok(Math.abs(growth.value) < 0.1);
    assert.equal(growth.value, growth.ours - growth.floor!);
  });
});

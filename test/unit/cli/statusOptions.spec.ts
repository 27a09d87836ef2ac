import assert from "node:assert/strict";
import { ExitError } from "../../../cli/exit-error";
import { wantedBy } from "../../../cli/status/command";
import { parseStatusOptions } from "../../../cli/status/options";

describe("status › options", () => {
  it("read shares, numbers, days that are left out, and serial numbers in any case", () => {
    const parse = (...words: string[]) => parseStatusOptions(words);
    assert.deepEqual(parse("--free-below", "5%").freeBelow, { count: 5, isPercent: true });
    assert.deepEqual(parse("--free-below=20").freeBelow, { count: 20, isPercent: false });
    assert.equal(parse("--expiring").expiringDays, 30);
    assert.equal(parse("--expiring", "--json").expiringDays, 30);
    assert.equal(parse("--expiring", "14").expiringDays, 14);
    assert.equal(parse("--expiring=60").expiringDays, 60);
    assert.deepEqual(parse("--serial", " c02xl0gsjgh6", "--serial", "C02XL0GSJGH6").serialNumbers, ["C02XL0GSJGH6"]);
    assert.deepEqual(parse("--app", "Keynote", "--app", "1").apps, ["Keynote", "1"]);
  });

  it("refuse what can't be meant", () => {
    for (const [words, why] of [
      [["--free-below", "few"], /--free-below must be a whole number such as 20/],
      [["--free-below", "101%"], /--free-below must be/],
      [["--free-below", "2.5"], /--free-below must be/],
      [["--free-below=-1"], /--free-below must be/],
      [["--expiring=soon"], /--expiring must be a whole number of days/],
      [["--json", "--csv"], /can't be had together/],
      [["--serial", " "], /not empty/],
      [["--expect-declared"], /give --stack NAME or --state FILE/],
      [["keynote"], /"status --help" lists the options/],
      [["--ap", "Keynote"], /"status --help" lists the options/],
      [["--user"], /"status --help" lists the options/],
    ] as const)
      assert.throws(
        () => parseStatusOptions(words),
        (error) =>
          error instanceof ExitError && error.code === 2 && why.test(error.message) && !error.message.includes("\n"),
        words.join(" "),
      );
  });

  it("lead to no more reading than what is shown takes", () => {
    const wanted = (hasState: boolean, ...words: string[]) => {
      const { licencesOf, ...rest } = wantedBy(parseStatusOptions(words), hasState);
      return { ...rest, ...(licencesOf && { licencesOf: true }) };
    };
    const plain = { names: true, users: true, licences: false };
    assert.deepEqual(wanted(false), plain);
    assert.deepEqual(wanted(true), { ...plain, licences: true });
    assert.deepEqual(wanted(false, "--expiring"), { apps: false });
    assert.deepEqual(wanted(true, "--expiring"), { apps: false });
    assert.deepEqual(wanted(false, "--free-below", "5"), { ...plain, users: false });
    assert.deepEqual(wanted(true, "--free-below", "5"), { ...plain, users: false });
    assert.deepEqual(wanted(false, "--app", "Keynote"), { ...plain, users: false });
    assert.deepEqual(wanted(true, "--app", "Keynote"), { ...plain, users: false, licences: true, licencesOf: true });
    assert.deepEqual(wanted(false, "--known-serials", "x"), { ...plain, licences: true });
    const serial = { ...plain, users: false, holdingsOf: { serialNumbers: ["A"], clientUserIds: [] } };
    assert.deepEqual(wanted(true, "--serial", "a"), serial);
    assert.deepEqual(wanted(false, "--expiring", "--serial", "a"), serial);
  });
});

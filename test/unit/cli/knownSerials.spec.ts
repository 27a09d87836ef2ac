import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readKnownSerials } from "../../../cli/knownSerials";
import { isVppError } from "../../../provider/errors";

describe("known serial numbers", () => {
  const folder = mkdtempSync(join(tmpdir(), "vpp-serials-"));
  const file = join(folder, "devices.csv");
  after(() => rmSync(folder, { recursive: true, force: true }));
  const read = async (content: string | Buffer): Promise<string[]> => {
    writeFileSync(file, content);
    return [...(await readKnownSerials(file))];
  };

  it("come from the column that is called so, as the exports of device managements write it", async () => {
    const both = ["C02XL0GSJGH6", "F9FWX5QJMF3M"];
    assert.deepEqual(await read("Device name,Serial number,OS\niPad,C02XL0GSJGH6,iOS\nMac,f9fwx5qjmf3m,macOS\n"), both);
    assert.deepEqual(await read("\ufeffName;SerialNumber\r\na;C02XL0GSJGH6\r\nb;F9FWX5QJMF3M\r\n"), both);
    assert.deepEqual(await read('"SERIAL NO.","Owner"\n" C02XL0GSJGH6 ","Ada, B"\n"F9FWX5QJMF3M",""\n'), both);
    assert.deepEqual(await read("serial_number\tname\nC02XL0GSJGH6\tx\n\t\nF9FWX5QJMF3M\ty\n"), both);
    assert.deepEqual(
      await read(Buffer.from("\ufeffName\tSerial\r\na\tC02XL0GSJGH6\r\nb\tF9FWX5QJMF3M\r\n", "utf16le")),
      both,
    );
  });

  it("come from a file with one column, with or without a head", async () => {
    assert.deepEqual(await read("C02XL0GSJGH6\nF9FWX5QJMF3M\n\n"), ["C02XL0GSJGH6", "F9FWX5QJMF3M"]);
    assert.deepEqual(await read("serial\nC02XL0GSJGH6\n"), ["C02XL0GSJGH6"]);
  });

  it("survive rows that are too short, and ten thousand of them", async () => {
    assert.deepEqual(await read("name,serial\nlonely\nb,C02XL0GSJGH6,more\n"), ["C02XL0GSJGH6"]);
    const many = Array.from({ length: 10_000 }, (_, index) => `x,F9FW${String(index).padStart(6, "0")}`);
    assert.equal((await read(`name,serial\n${many.join("\n")}`)).length, 10_000);
  });

  it("are refused when the file has no such column or no serial number, with its columns' names", async () => {
    const refused = (why: RegExp) => (error: unknown) =>
      isVppError(error) && error.code === "VPP_INPUT_INVALID" && why.test(error.reason);
    await assert.rejects(read("Device,Owner\nC02XL0GSJGH6,Ada\n"), refused(/none of its columns .* "Device", "Owner"/));
    await assert.rejects(read(""), refused(/nothing in it looks like a serial number/));
    await assert.rejects(read("Serial number,Owner\n,\n"), refused(/nothing in it looks like/));
    await assert.rejects(read("just some prose\nand more of it\n"), refused(/nothing in it looks like/));
    await assert.rejects(readKnownSerials(join(folder, "none.csv")), refused(/none\.csv can't be used .*ENOENT/));
  });
});

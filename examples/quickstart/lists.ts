import { RunError } from "@pulumi/pulumi";
import { type Row, readTable } from "./csv";

/** One device of the export. */
export interface Device {
  readonly serialNumber: string;
  readonly isMac: boolean;
}

/** One person: an id of your own, and how to reach him. */
export interface Person {
  readonly clientUserId: string;
  readonly email?: string;
  readonly managedAppleId?: string;
}

/** Reads the device list that Apple Business Manager exports. Of its columns only the serial number is needed. */
export function readDevices(file: string): Device[] {
  const rows = readTable(file, ["Serial Number"]);
  refuseRepeats(file, rows, "Serial Number", (serial) => serial.toUpperCase());
  return rows.map((row) => {
    const serialNumber = row.field("Serial Number").toUpperCase();
    if (!/^[A-Z0-9]{8,14}$/.test(serialNumber)) {
      // What stands in a wrong column may be personal, or long.
      const shown = /^[\w .+-]{1,20}$/.test(serialNumber) ? `"${serialNumber}"` : "the field";
      throw new RunError(`${file}, line ${row.line}: ${shown} is not a serial number (8 to 14 letters or digits).`);
    }
    return { serialNumber, isMac: /mac/i.test(row.field("Device Model")) };
  });
}

/** Reads the people: an id of your own, and an e-mail address or a Managed Apple Account. Messages name lines, not people. */
export function readPeople(file: string): Person[] {
  const rows = readTable(file, ["clientUserId", "email"]);
  refuseRepeats(file, rows, "clientUserId", (id) => id);
  return rows.map((row) => {
    const clientUserId = row.field("clientUserId");
    const email = row.field("email");
    const managedAppleId = row.field("managedAppleId");
    if (clientUserId === "") throw new RunError(`${file}, line ${row.line}: there is no clientUserId.`);
    for (const address of [email, managedAppleId]) {
      if (address === "" || /^[^\s@]+@[^\s@]+$/.test(address)) continue;
      throw new RunError(`${file}, line ${row.line}: email or managedAppleId is not an address.`);
    }
    return { clientUserId, ...(email && { email }), ...(managedAppleId && { managedAppleId }) };
  });
}

function refuseRepeats(file: string, rows: readonly Row[], column: string, keyOf: (field: string) => string): void {
  if (rows.length === 0) throw new RunError(`${file} is empty but for its first row.`);
  const lines = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row.field(column));
    const before = lines.get(key);
    if (before !== undefined) {
      throw new RunError(`${file}, line ${row.line}: the ${column} is that of line ${before} again.`);
    }
    lines.set(key, row.line);
  }
}

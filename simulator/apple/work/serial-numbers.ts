import type { Readings } from "../core/readings";

/** A serial number as the service keeps it: as it was given, or in capital letters in one reading. */
export function keptSerialNumber(serialNumber: string, readings: Readings): string {
  return readings["serial-case"] === "capitals" ? serialNumber.toUpperCase() : serialNumber;
}

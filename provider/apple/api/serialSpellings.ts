/**
 * Serial numbers as they are compared, in capitals, and as the service writes them. Whoever assigned a licence may have written its device in
 * small letters, and a service that keeps them so finds it only under that spelling. The first one seen counts.
 */
export class SerialSpellings {
  private readonly listed = new Map<string, string>();

  /** A serial number of an answer, in capitals. */
  read(serial: string): string {
    const upper = serial.toUpperCase();
    if (upper !== serial && !this.listed.has(upper)) this.listed.set(upper, serial);
    return upper;
  }

  /** A serial number of ours, as the service has it. */
  written(serial: string): string {
    return this.listed.get(serial) ?? serial;
  }
}

/** A request to the control interface that cannot be done, with an HTTP status and a reason in plain words. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ControlError";
    this.status = status;
  }
}

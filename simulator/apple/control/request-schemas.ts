import { RequestSchemas } from "../../kit/control/schemas";

/** The shapes of all requests to the control interface. */
export const REQUEST_SCHEMAS = new RequestSchemas(async () => (await import("./schemas")).CONTROL_SCHEMAS);

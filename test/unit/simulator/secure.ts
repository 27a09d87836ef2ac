import { request } from "node:https";
import type { Body } from "./bodies";

/** Reads JSON over TLS, trusting one certificate. */
export function getSecurely(url: string, ca: string, headers: Record<string, string> = {}): Promise<Body> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => {
        text += part.toString();
      });
      response.on("end", () => resolve(JSON.parse(text) as Body));
    });
    sent.on("error", reject);
    sent.end();
  });
}

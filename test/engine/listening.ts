import { type AddressInfo, createServer } from "node:net";

/** An address at which the engine can be seen to be alive; it is gone with its process, or when it is closed. */
export interface Listening {
  readonly address: string;
  readonly close: () => void;
}

/** Listens on loopback. A provider host only looks whether somebody answers. */
export async function listen(): Promise<Listening> {
  const server = createServer((socket) => socket.end().on("error", () => undefined)).unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

import type { AddressInfo } from "node:net";
import { makeServer, type Served, type TlsFiles } from "./server";

/** Where to listen: 127.0.0.1 and a free port when left out. */
export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
  /** What makes it serve HTTPS. */
  readonly tls?: TlsFiles;
}

/** A server that listens. */
export interface Listener {
  /** Its address without a slash at the end, such as `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @throws RangeError when certificate and key cannot be used, and the system's error when the port is taken.
 */
export async function listen(served: Served, options: ListenOptions): Promise<Listener> {
  const { host = "127.0.0.1", tls } = options;
  const server = makeServer(served, tls);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

/**
 * A proxy for HTTPS as companies have one, meant to be a process of its own: `node connectProxy.js PORT [PASSWORD]`. Whatever host is asked
 * for, it leads to PORT on this machine, so that made-up names work. Each line on stdout is JSON: first its own port, then for every tunnel
 * what was asked for; at the end of a tunnel, whether a text that stands in `VPP_PROXY_LOOKS_FOR` passed through it in clear.
 */
const [target, password] = process.argv.slice(2);
const wanted = password && `Basic ${Buffer.from(password).toString("base64")}`;
const soughtText = process.env.VPP_PROXY_LOOKS_FOR ?? "";

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const server = createServer((_, response) => {
  say({ forwarded: true });
  response.writeHead(400).end();
});
server.on("connect", ({ url, headers }, client) => {
  say({ connect: url, headers: Object.keys(headers) });
  client.on("error", () => undefined);
  if (wanted && headers["proxy-authorization"] !== wanted) {
    client.end("HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n");
    return;
  }
  const service = connect(Number(target), "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    service.pipe(client);
    client.pipe(service);
  });
  const passed: Buffer[] = [];
  client.on("data", (part: Buffer) => passed.push(part));
  client.on("close", () => say({ inClear: soughtText !== "" && Buffer.concat(passed).includes(soughtText) }));
  service.on("error", () => client.destroy());
});
server.listen(0, "127.0.0.1", () => say({ port: (server.address() as AddressInfo).port }));

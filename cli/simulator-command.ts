import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { withoutSecrets } from "../provider/redact";
import {
  DataFileError,
  LibraryFileError,
  READING_CHOICES,
  readJsonFile,
  SAMPLES,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  UNKNOWNS,
} from "../simulator";
import { ExitError } from "./exit-error";

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  library: { type: "string" },
  data: { type: "string" },
  "write-library": { type: "string" },
  "write-token": { type: "string" },
  "event-delay": { type: "string" },
  "page-size": { type: "string" },
  lag: { type: "string", multiple: true },
  "base-url": { type: "string" },
  "tls-cert": { type: "string" },
  "tls-key": { type: "string" },
  "trust-forwarded": { type: "boolean" },
  limits: { type: "string" },
  strict: { type: "boolean" },
  reading: { type: "string", multiple: true },
  "no-control": { type: "boolean" },
  "notification-retry": { type: "string" },
  "notification-timeout": { type: "string" },
  "duplicate-notifications": { type: "boolean" },
  "http-receivers": { type: "boolean" },
  "receiver-ca": { type: "string" },
  unknowns: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** `pulumi-vpp simulator`: serves until it is told to end by SIGTERM or SIGINT. */
export async function simulatorCommand(words: readonly string[]): Promise<void> {
  const values = parse(words);
  if (values.unknowns === true) {
    process.stdout.write(unknowns());
    return;
  }
  if (values.help === true) {
    process.stdout.write(usage());
    return;
  }
  const options = await readOptions(values);
  const simulator = await start(options);
  if (options.data !== undefined && options.library !== undefined) {
    const used = simulator.librariesFrom === "data" ? options.data : options.library;
    process.stderr.write(`pulumi-vpp: the libraries come from ${withoutSecrets(used as string)}\n`);
  }
  if (values["write-library"] !== undefined) {
    await writeLibrary(simulator, values["write-library"]);
    return;
  }
  // Whoever reads the line may send the signal at once.
  const told = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  process.stdout.write(`listening on ${simulator.url}\n`);
  await told;
  await simulator.close();
}

type Values = ReturnType<typeof parse>;

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new ExitError(2, `${(error as Error).message.split(/\.\s|\.?\n/)[0]}; "simulator --help" lists the options`);
  }
}

async function readOptions(values: Values): Promise<SimulatorOptions> {
  const eventDelayMs = number(values, "event-delay", 0, LONGEST_DELAY_MS);
  const pageSize = number(values, "page-size", 1, 1_000_000);
  const limits = values.limits === undefined ? undefined : await readLimits(values.limits);
  return {
    port: number(values, "port", 0, 65_535) ?? 0,
    control: values["no-control"] !== true,
    strict: values.strict === true,
    readings: readReadings(values.reading ?? []),
    ...(values.host !== undefined && { host: values.host }),
    ...(values.library !== undefined && { library: values.library }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values["write-token"] !== undefined && { writeToken: values["write-token"] }),
    ...(eventDelayMs !== undefined && { eventDelayMs }),
    ...(pageSize !== undefined && { pageSize }),
    ...(limits !== undefined && { limits }),
    lagMs: readLags(values.lag ?? []),
    ...(values["base-url"] !== undefined && { baseUrl: values["base-url"] }),
    ...(await readTls(values)),
    trustForwarded: values["trust-forwarded"] === true,
    ...(values["receiver-ca"] !== undefined && {
      receiverCa: await readPem("--receiver-ca", values["receiver-ca"], "certificate"),
    }),
    notifications: readNotifications(values),
  };
}

function readNotifications(values: Values): NonNullable<SimulatorOptions["notifications"]> {
  const retryMs = number(values, "notification-retry", 0, LONGEST_DELAY_MS);
  const timeoutMs = number(values, "notification-timeout", 1, LONGEST_DELAY_MS);
  return {
    ...(retryMs !== undefined && { retryMs }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    duplicates: values["duplicate-notifications"] === true,
    httpOnLoopback: values["http-receivers"] === true,
  };
}

async function readTls(values: Values): Promise<Pick<SimulatorOptions, "tls">> {
  const { "tls-cert": cert, "tls-key": key } = values;
  if (cert === undefined && key === undefined) {
    return {};
  }
  if (cert === undefined || key === undefined) {
    throw new ExitError(2, "--tls-cert and --tls-key need each other");
  }
  return {
    tls: {
      cert: await readPem("--tls-cert", cert, "certificate"),
      key: await readPem("--tls-key", key, "private key"),
    },
  };
}

const PEM = {
  certificate: /^-----BEGIN CERTIFICATE-----/m,
  "private key": /^-----BEGIN [A-Z ]*PRIVATE KEY-----/m,
} as const;

async function readPem(option: string, path: string, what: keyof typeof PEM): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new ExitError(2, `${option}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (!PEM[what].test(text)) {
    throw new ExitError(2, `${option}: ${path} holds no ${what} in PEM format`);
  }
  return text;
}

function readLags(words: readonly string[]): NonNullable<SimulatorOptions["lagMs"]> {
  const lags = words.map((word) => {
    const [, list, text] = /^(assets|assignments|users)=(\d{1,10})$/.exec(word) ?? [];
    if (list === undefined || Number(text) > LONGEST_DELAY_MS) {
      throw new ExitError(2, `--lag takes assets=MS, assignments=MS or users=MS, not "${word}"`);
    }
    return [list, Number(text)] as const;
  });
  return Object.fromEntries(lags);
}

/** Writes what the simulator would serve, with what is left to be processed, and ends it. */
async function writeLibrary(simulator: Simulator, path: string): Promise<void> {
  await simulator.settled();
  const library = await simulator.control("GET", "library");
  await simulator.close();
  try {
    await writeFile(path, `${JSON.stringify(library, undefined, 2)}\n`);
  } catch (error) {
    throw new ExitError(1, `--write-library: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  try {
    return await startSimulator(options);
  } catch (error) {
    if (error instanceof LibraryFileError) {
      throw new ExitError(2, `--library: ${error.message}`);
    }
    if (error instanceof DataFileError) {
      throw new ExitError(1, `--data: ${error.message}`);
    }
    if (error instanceof RangeError) {
      throw new ExitError(2, error.message);
    }
    throw new ExitError(1, systemProblem(error as NodeJS.ErrnoException, options));
  }
}

function systemProblem(error: NodeJS.ErrnoException, options: SimulatorOptions): string {
  if (error.syscall === "listen" || error.syscall === "getaddrinfo") {
    const place = `${options.host ?? "127.0.0.1"} port ${options.port ?? 0}`;
    return error.code === "EADDRINUSE" ? `${place} is in use` : `cannot listen on ${place} (${error.code})`;
  }
  if (error.syscall !== undefined) {
    return `the token file cannot be written (${error.code})`;
  }
  throw error;
}

function number(
  values: Values,
  name: "port" | "event-delay" | "page-size" | "notification-retry" | "notification-timeout",
  least: number,
  most: number,
): number | undefined {
  const text = values[name];
  if (text === undefined) {
    return undefined;
  }
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value < least || value > most) {
    throw new ExitError(2, `--${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

async function readLimits(path: string): Promise<NonNullable<SimulatorOptions["limits"]>> {
  try {
    return (await readJsonFile(path)) as NonNullable<SimulatorOptions["limits"]>;
  } catch (error) {
    throw new ExitError(2, `--limits: ${(error as Error).message}`);
  }
}

function readReadings(words: readonly string[]): NonNullable<SimulatorOptions["readings"]> {
  const chosen = words.map((word) => {
    const mark = word.indexOf("=");
    if (mark < 1) {
      throw new ExitError(2, `--reading takes NAME=VALUE, not "${word}"`);
    }
    return [word.slice(0, mark), word.slice(mark + 1)] as const;
  });
  return Object.fromEntries(chosen);
}

function usage(): string {
  const readings = Object.entries(READING_CHOICES).map(
    ([name, choice]) => `  ${name}=${choice.values.join("|")}\n      ${choice.about} Strict: ${choice.strict}.`,
  );
  return `Usage: pulumi-vpp simulator [OPTIONS]

Serves Apple's App and Book Management API version 2 on this machine, prints one line
"listening on http://HOST:PORT", and runs until it gets SIGTERM or SIGINT.

Options:
  --port PORT          the port to listen on (0, the default, takes a free one)
  --host ADDRESS       the address to listen on (127.0.0.1)
  --library FILE       the libraries to serve, as JSON (a believable company's), or one of the samples:
                       ${Object.keys(SAMPLES).join(", ")}
  --data FILE          keep everything in FILE, so that the next start goes on where this one ends, even by a
                       kill; --library is only used when FILE does not exist yet
  --write-library FILE write the libraries to FILE as a library file, and end
  --write-token FILE   write the first library's content token to FILE, readable by its owner only
  --event-delay MS     how long an accepted request waits before it is processed (20)
  --page-size N        how many records a page holds (1000)
  --lag LIST=MS        how long a list (assets, assignments, users) goes on showing what was the case before a
                       change (0); can be repeated
  --limits FILE        limits that differ from the published ones, as JSON; null takes one away
  --strict             answer open questions in the way least forgiving to clients
  --reading NAME=VALUE answer one open question; can be repeated
  --no-control         switch the control interface under /_control/ off
  --help               show this text
  --unknowns           show what nobody knows about the service, and what the simulator does about it

Options for clients that insist on HTTPS, or reach the simulator by way of a proxy:
  --tls-cert FILE      serve HTTPS with the certificate (PEM) in FILE; needs --tls-key
  --tls-key FILE       the private key (PEM) of that certificate
  --base-url URL       the address below which service/config gives addresses (where it listens)
  --trust-forwarded    believe a proxy's X-Forwarded-Proto, -Host and -Prefix about that address

Options for notifications:
  --notification-retry MS      how long to wait before another try (100; the service's three tries take minutes)
  --notification-timeout MS    how long a receiver may take to answer (5000)
  --duplicate-notifications    send each notification twice
  --http-receivers             allow receivers without TLS on this machine (the service never does)
  --receiver-ca FILE           trust the certificates (PEM) in FILE for receivers, beside those the machine trusts

Open questions, the default answer first:
${readings.join("\n")}
`;
}

function unknowns(): string {
  const entries = UNKNOWNS.map(({ question, answer, readings, options = [] }, index) => {
    const choices = readings.map((name) => `--reading ${name}=${READING_CHOICES[name].values.join("|")}`);
    const lines = [
      `${index + 1}. ${question}`,
      `   Here: ${answer}`,
      ...[...choices, ...options].map((each) => `   ${each}`),
    ];
    return lines.join("\n");
  });
  return `What public sources do not tell about Apple's App and Book Management API, and what the simulator does about it.
Whoever finds out should not take the simulator's word for it. The first value of a reading is its default.

${entries.join("\n\n")}
`;
}

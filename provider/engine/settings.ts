import { closeSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LibrarySettings } from "../apple/library/libraries";
import type { ConfiguredLimits } from "../apple/library/run";
import type { EventSettings } from "../apple/library/writes/settle";
import { variableOf } from "../apple/resources/token/check";
import {
  type Credential,
  longestToken,
  parseContentToken,
  refusePathForText,
  refuseTextForPath,
  type TokenPlaces,
} from "../contentToken/credential";
import { VppError } from "../errors";
import { monotonicNow } from "../http/monotonicNow";
import { assertProxyAddress } from "../http/proxyAddress";
import { redact } from "../redact";
import type { Notes } from "./diagnostics";

const appleEndpoint = "https://vpp.itunes.apple.com/mdm/v2";
const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/** Reads one configuration value of the stack. */
export type ConfigReader = (key: string) => string | undefined;

/** Settings of the run, from the environment and the stack's configuration. The environment wins, because it is always today's. */
export class Settings implements LibrarySettings, ConfiguredLimits {
  private config: ConfigReader = () => undefined;

  constructor(
    private readonly notes: Notes,
    private readonly env: NodeJS.ProcessEnv = process.env,
  ) {}

  /** Takes the configuration over. It must be stored before anything is awaited: the host does not wait for it. */
  configure(config: ConfigReader): void {
    this.config = config;
  }

  endpoint(): string {
    const given = this.env.VPP_ENDPOINT || this.config("vpp:endpoint");
    if (!given) return appleEndpoint;
    // A password or a key that does not belong there must not be printed either.
    const shown = redact(given).replace(/[?#].*/s, "…");
    const refuse = (why: string): VppError =>
      new VppError("VPP_CONFIG_ENDPOINT", `the endpoint ${JSON.stringify(shown.slice(0, 80))} can't be used: ${why}`, {
        remedy:
          "Set VPP_ENDPOINT or vpp:endpoint to an https address, or to an http one on this machine's loopback, or to nothing.",
      });
    if (!URL.canParse(given)) throw refuse("it is not an address");
    const url = new URL(given);
    if (url.username || url.password || url.search || url.hash) throw refuse("it must be host and path only");
    const isLocal = url.protocol === "http:" && loopback.test(url.hostname);
    if (url.protocol !== "https:" && !isLocal)
      throw refuse("a content token is only sent over https, or to this machine itself");
    const path = url.pathname.replace(/\/+$/, "");
    const endpoint = `${url.origin}${path === "" ? "/mdm/v2" : path}`;
    this.notes.say("pulumi-vpp", "endpoint", `talking to ${endpoint}, not to Apple.`);
    return endpoint;
  }

  /** Small letters first, as other tools read these variables. A password in the address is never shown. */
  proxy(): ReturnType<LibrarySettings["proxy"]> {
    const { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY } = this.env;
    const url = https_proxy || HTTPS_PROXY;
    if (!url) return undefined;
    assertProxyAddress(url, https_proxy ? "https_proxy" : "HTTPS_PROXY");
    return { url, except: (no_proxy || NO_PROXY || "").trim() };
  }

  credential(key: string): Credential {
    const suffix = key === "default" ? "" : `_${variableOf(key)}`;
    if (suffix === "_FILE" || suffix.endsWith("_FILE")) {
      throw new VppError(
        "VPP_CONFIG_TOKEN_KEYS_COLLIDE",
        `contentTokenKey ${key} ends in “file”, so its variable can't be told from a path's`,
        {
          remedy: "Choose a key that does not end in “file”.",
        },
      );
    }
    const variable = `VPP_CONTENT_TOKEN${suffix}`;
    const places: TokenPlaces = { text: variable, path: `${variable}_FILE` };
    const text = this.env[places.text];
    if (text) return fromText(text, `in ${places.text}`, "environment", places);
    const path = this.env[places.path];
    if (path) return this.fromFile(path, `of ${places.path}`, "environment", places);
    const inConfig = configPlaces(key, this.config);
    const configuredPath = this.configured(key, "vpp:contentTokenFile", "vpp:contentTokenFiles");
    if (configuredPath) return this.fromFile(configuredPath, `of ${inConfig.path}`, "configuration", inConfig);
    const configured = this.configured(key, "vpp:contentToken", "vpp:contentTokens");
    if (configured) return fromText(configured, "in the stack's configuration", "configuration", inConfig);
    throw new VppError("VPP_CONFIG_TOKEN_MISSING", `there is no content token for contentTokenKey ${key}`, {
      remedy: `Set ${variable}_FILE to the path of the .vpptoken file, or ${variable} to its text, or configure ${
        key === "default" ? "vpp:contentTokenFile" : `vpp:contentTokenFiles.${key}`
      }.`,
    });
  }

  events(): EventSettings {
    const polling = this.config("vpp:eventPolling") ?? "quick";
    if (polling !== "quick" && polling !== "apple") throw badSetting("vpp:eventPolling", 'must be "quick" or "apple"');
    const seconds = Number(this.config("vpp:eventTimeoutSeconds") ?? "1800");
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 86_400) {
      throw badSetting("vpp:eventTimeoutSeconds", "must be a whole number of seconds from 1 to 86400");
    }
    return { timeoutMs: seconds * 1000, polling, sleep: (ms) => delay(ms), now: monotonicNow };
  }

  maxRevocations(): number | undefined {
    return this.count("vpp:maxRevocations");
  }

  maxRetirements(): number | undefined {
    return this.count("vpp:maxRetirements");
  }

  private count(key: string): number | undefined {
    const given = this.config(key);
    if (!given) return undefined;
    if (!/^\d{1,9}$/.test(given)) throw badSetting(key, "must be a whole number, 0 or more");
    return Number(given);
  }

  /** A token that is in a file is as fresh as the file, even when the path comes from old configuration. */
  private fromFile(path: string, where: string, source: Credential["source"], places: TokenPlaces): Credential {
    refuseTextForPath(path, places);
    const full = resolve(path);
    let text: string;
    try {
      text = readStart(full);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
      throw new VppError("VPP_CONFIG_TOKEN_UNREADABLE", `the content token's file ${full} can't be read (${code})`, {
        remedy: "Correct the path or the file's rights. A relative path counts from the program's folder.",
      });
    }
    return parseContentToken(text, where, source === "configuration" ? "environment" : source);
  }

  private configured(key: string, single: string, many: string): string | undefined {
    if (key === "default" && this.config(single)) return this.config(single);
    const text = this.config(many);
    if (!text) return undefined;
    let values: unknown;
    try {
      values = JSON.parse(text);
    } catch {
      if (many === "vpp:contentTokenFiles") refuseTextForPath(text, { text: `vpp:contentTokens.${key}`, path: many });
      const flags = many === "vpp:contentTokens" ? "--path --secret" : "--path --plaintext";
      throw badSetting(many, "must be an object of keys and values", `pulumi config set ${flags} ${many}.${key} …`);
    }
    const value = (values as Record<string, unknown> | null)?.[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  }
}

/** A file as far as it can be a content token, and a little further, so that one that is too long shows. A pipe will do, too. */
function readStart(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(longestToken + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
}

function fromText(text: string, where: string, source: Credential["source"], places: TokenPlaces): Credential {
  refusePathForText(text, places);
  return parseContentToken(text, where, source);
}

/** Where the configuration has a key's token: under a name of its own for the usual key, unless only the table for all keys is set. */
function configPlaces(key: string, config: ConfigReader): TokenPlaces {
  const isSingle = (name: string): boolean => key === "default" && (!!config(name) || !config(`${name}s`));
  const place = (name: string): string => (isSingle(name) ? name : `${name}s.${key}`);
  return { text: place("vpp:contentToken"), path: place("vpp:contentTokenFile") };
}

function badSetting(key: string, why: string, command = `pulumi config set ${key} …`): VppError {
  return new VppError("VPP_CONFIG_SETTING", `the setting ${key} ${why}`, {
    remedy: `Remove it with \`pulumi config rm ${key}\`, or set it anew with \`${command}\`.`,
  });
}

import { createHash } from "node:crypto";
import { Refusal } from "../core/errors";
import type { MdmInfo, NotificationSettings } from "../core/library-data";
import { enforcedLimit, type LimitName } from "../core/limits";
import { NOTIFICATION_TYPES } from "../notifications/types";
import { type Call, envelope, setMark } from "./call";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** GET client/config: what the library is, who manages it, and where notifications go (the secret included). */
export function readClientConfig(call: Call): object {
  const { identity, notifications } = call.library;
  return envelope(call, {
    countryISO2ACode: identity.countryCode,
    defaultPlatform: identity.platform,
    locationName: identity.locationName,
    websiteURL: identity.websiteURL,
    ...(call.world.settings.readings["apn-token"] === "sent" && { apnToken: apnToken(identity.libraryId) }),
    ...(notifications.authToken !== undefined && { notificationAuthToken: notifications.authToken }),
    ...notificationFields(notifications),
  });
}

/** POST client/config: sets the mark and the notification settings. All of it is checked before any of it is stored. */
export async function writeClientConfig(call: Call): Promise<object> {
  const { readings } = call.world.settings;
  const mark = readMark(call);
  const given = readNotifications(call);
  const clears = readings["client-config-omitted"] === "cleared";
  const settings = { ...(clears ? {} : call.library.notifications), ...given };
  const tests = given.url !== undefined || readings["test-notification"] === "always";
  if (tests && !(await call.world.testNotification(call.library, settings))) {
    throw new Refusal(9728);
  }
  if (mark !== undefined || clears) {
    setMark(call, mark ?? undefined);
  }
  call.library.notifications = { ...(clears ? {} : call.library.notifications), ...given };
  return readings["client-config-answer"] === "full"
    ? readClientConfig(call)
    : envelope(call, notificationFields(call.library.notifications));
}

/** A token for pushes as version 1 has it: no secret, since nothing can be pushed with it here. */
function apnToken(libraryId: string): string {
  return createHash("sha256").update(`apn ${libraryId}`).digest("base64");
}

function notificationFields(notifications: NotificationSettings): object {
  return {
    ...(notifications.url !== undefined && { notificationUrl: notifications.url }),
    ...(notifications.types !== undefined && { subscribedNotificationTypes: notifications.types }),
  };
}

/** The mark to store, `null` to clear it, or nothing when the request does not speak of it. */
function readMark(call: Call): MdmInfo | null | undefined {
  const { readings } = call.world.settings;
  const value = call.body.mdmInfo;
  if (value === undefined) {
    return undefined;
  }
  if (value === null) {
    if (readings["mdm-info-null"] === "9723") {
      throw new Refusal(9723);
    }
    return readings["mdm-info-null"] === "clears" ? null : undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new Refusal(9602);
  }
  const { id, name, metadata } = value as Record<string, unknown>;
  const fields = [id, name, metadata];
  if (fields.some((field) => field === undefined || field === null)) {
    throw new Refusal(9723);
  }
  if (typeof id !== "string" || typeof name !== "string" || typeof metadata !== "string") {
    throw new Refusal(9602);
  }
  if (readings["mdm-info-empty"] === "9723" && fields.includes("")) {
    throw new Refusal(9723);
  }
  checkLength(call, id, "maxMdmIdLength", 9724);
  checkLength(call, name, "maxMdmNameLength", 9725);
  checkLength(call, metadata, "maxMdmMetadataLength", 9713);
  return { id, name, metadata };
}

function readNotifications(call: Call): NotificationSettings {
  const url = call.body.notificationUrl ?? undefined;
  const authToken = call.body.notificationAuthToken ?? undefined;
  const types = readTypes(call, call.body.notificationTypes ?? undefined);
  if ((url !== undefined && typeof url !== "string") || (authToken !== undefined && typeof authToken !== "string")) {
    throw new Refusal(9602);
  }
  if ((url === undefined) !== (authToken === undefined)) {
    throw new Refusal(9710);
  }
  if (url !== undefined && authToken !== undefined) {
    checkLength(call, url, "maxNotificationLength", 9711);
    checkLength(call, authToken, "maxNotificationLength", 9711);
    if (!isNotificationUrl(url, call.world.settings.notifications.httpOnLoopback)) {
      throw new Refusal(9712);
    }
  }
  return {
    ...(url !== undefined && { url }),
    ...(authToken !== undefined && { authToken }),
    ...(types !== undefined && { types }),
  };
}

function readTypes(call: Call, value: unknown): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  const known: readonly unknown[] = NOTIFICATION_TYPES;
  if (!Array.isArray(value) || !value.every((type) => known.includes(type))) {
    throw new Refusal(9602);
  }
  const reading = call.world.settings.readings["no-notification-types"];
  if (value.length === 0 && reading !== "unsubscribes") {
    if (reading === "9602") {
      throw new Refusal(9602);
    }
    return undefined;
  }
  return [...new Set(value as string[])];
}

function isNotificationUrl(text: string, httpOnLoopback: boolean): boolean {
  if (!URL.canParse(text)) {
    return false;
  }
  const url = new URL(text);
  const secure = url.protocol === "https:";
  const allowed = secure || (httpOnLoopback && url.protocol === "http:" && LOOPBACK.test(url.hostname));
  return allowed && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
}

function checkLength(call: Call, text: string, limitName: LimitName, errorNumber: number): void {
  const { readings } = call.world.settings;
  const length = readings["length-unit"] === "bytes" ? Buffer.byteLength(text, "utf8") : [...text].length;
  if (length > (enforcedLimit(call.world.settings, limitName) ?? Number.POSITIVE_INFINITY)) {
    throw new Refusal(errorNumber);
  }
}

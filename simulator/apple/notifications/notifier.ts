import { randomUUID } from "node:crypto";
import type { AssetKey } from "../core/asset";
import type { User } from "../core/assignment";
import type { EventType } from "../core/event";
import type { Library } from "../core/library";
import type { NotificationSettings } from "../core/library-data";
import type { TaskRecord } from "../core/tasks";
import type { World } from "../core/world";
import { aboutAssociated, aboutCount, aboutEvent, type Change } from "./compose";
import { type About, Deliveries, type Delivery } from "./deliveries";
import { Poster } from "./post";
import type { Happening, NotificationType, Receiver } from "./types";

/**
 * Tells subscribed services what happens. Sending goes on beside everything else: nobody waits for it but
 * `settled` and the test notification of client/config.
 */
export class Notifier {
  readonly #world: World;
  readonly #deliveries: Deliveries;

  /** @param authority certificates (PEM) that are trusted for receivers beside those the machine trusts. */
  constructor(world: World, authority?: string) {
    this.#world = world;
    this.#deliveries = new Deliveries(new Poster(authority), {
      behaviour: () => world.settings.notifications,
      now: () => world.clock.now(),
    });
  }

  /** Whether anybody would be told of such changes, so that they need to be recorded. */
  wants(library: Library, eventType: EventType): boolean {
    return receiverFor(library, managementType(eventType)) !== undefined;
  }

  /**
   * Tells how the tasks of an event ended, or what somebody else changed: that has no event id, since it was no event of
   * the receiver's.
   */
  tellChange(library: Library, change: Change, record: TaskRecord): void {
    if (this.wants(library, change.eventType)) {
      this.#tell(library, aboutEvent(library, change, record));
    }
  }

  /** Tells that licences of an asset were bought, transferred or refunded. */
  tellCount(library: Library, asset: AssetKey, countDelta: number): void {
    if (countDelta !== 0) {
      this.#tell(library, [aboutCount(asset, countDelta)]);
    }
  }

  /** Tells that a user accepted an invitation. */
  tellAssociated(library: Library, user: User): void {
    this.#tell(library, aboutAssociated([user]));
  }

  /** Sends a test notification with settings that are not in force yet, once; says whether it was taken. */
  async test(library: Library, settings: NotificationSettings): Promise<boolean> {
    const { url, authToken } = settings;
    if (url === undefined || authToken === undefined) {
      return true;
    }
    const message = write(library, url, randomUUID(), { type: "TEST_NOTIFICATION", notification: {} });
    return this.#deliveries.once(message.about, { url, authToken }, message.body);
  }

  /** What was sent, oldest first: no secret is among it. */
  list(): readonly Delivery[] {
    return this.#deliveries.list();
  }

  /** Empties the list and says how many it held. */
  clear(): number {
    return this.#deliveries.clear();
  }

  /** Resolves once everything was delivered or given up. */
  settled(): Promise<void> {
    return this.#deliveries.settled();
  }

  /** Gives up everything that is on its way. */
  stop(): void {
    this.#deliveries.stop();
  }

  #tell(library: Library, happenings: readonly Happening[]): void {
    for (const happening of happenings) {
      const receiver = receiverFor(library, happening.type);
      const times = receiver === undefined ? 0 : this.#world.settings.notifications.duplicates ? 2 : 1;
      const notificationId = randomUUID();
      for (let time = 0; time < times; time += 1) {
        const { about, body } = write(library, receiver!.url, notificationId, happening);
        this.#deliveries.add(about, receiver!, body);
      }
    }
  }
}

function write(library: Library, url: string, notificationId: string, { type, notification }: Happening) {
  const uId = library.identity.libraryId;
  const fields = Object.entries(notification) as [string, unknown][];
  const lists = fields.filter((field): field is [string, unknown[]] => Array.isArray(field[1]));
  const about: About = {
    notificationId,
    notificationType: type,
    library: uId,
    url,
    notification: Object.fromEntries(fields.filter(([, value]) => !Array.isArray(value))),
    elements: lists.reduce((sum, [, list]) => sum + list.length, 0),
  };
  return { about, body: JSON.stringify({ notificationId, notificationType: type, uId, notification }) };
}

function receiverFor(library: Library, type: NotificationType): Receiver | undefined {
  const { url, authToken, types } = library.notifications;
  return url !== undefined && authToken !== undefined && types?.includes(type) === true
    ? { url, authToken }
    : undefined;
}

function managementType(eventType: EventType): NotificationType {
  return eventType === "ASSOCIATE" || eventType === "DISASSOCIATE" || eventType === "REVOKE"
    ? "ASSET_MANAGEMENT"
    : "USER_MANAGEMENT";
}

import { targetId } from "../core/assignment";
import { processedRecord } from "../core/events";
import type { Library } from "../core/library";
import { userRecord } from "../core/users";
import type { World } from "../core/world";
import type { ChangedLicence, ChangedUser, Entry } from "./record";

const LICENCES_PER_LINE = 5000;
const USERS_PER_LINE = 1000;

/** Everything a world holds as the entries that make it again, in groups small enough to be written one by one. */
export function* snapshot(world: World): IterableIterator<Entry[]> {
  yield [[0, "clock", world.clock.offsetMs]];
  for (const library of world.libraries()) {
    yield [[0, "library", library.identity]];
    yield* libraryEntries(world, library);
  }
  yield [[0, "whole"]];
}

function* libraryEntries(world: World, library: Library): IterableIterator<Entry[]> {
  const { libraryId } = library.identity;
  yield world.tokens.of(library).map((token) => [0, "token", libraryId, token.record()]);
  yield [
    [libraryId, "mark", library.mdmInfo ?? null],
    [libraryId, "notifications", library.notifications],
  ];
  yield [...library.assets.values()].map((asset) => [libraryId, "asset", asset.description, asset.owned]);
  for (let offset = 0; offset < library.users.all.size; offset += USERS_PER_LINE) {
    const users = library.users.all.slice(offset, USERS_PER_LINE);
    yield users.map((user) => [libraryId, "user", userRecord(user)]);
  }
  yield* licenceEntries(library);
  yield* eventEntries(library);
  yield [
    [
      libraryId,
      "versions",
      {
        assets: library.assetVersions.save(),
        licences: library.licences.versions.save(),
        users: library.users.versions.save(),
      },
    ],
    [libraryId, "changed-licences", library.licences.changes.remembersFrom, changedLicences(library)],
    [libraryId, "changed-users", library.users.changes.remembersFrom, changedUsers(library)],
  ];
}

function* licenceEntries(library: Library): IterableIterator<Entry[]> {
  const { libraryId } = library.identity;
  for (let offset = 0; offset < library.licences.all.size; offset += LICENCES_PER_LINE) {
    const runs: Run[] = [];
    for (const { asset, target } of library.licences.all.slice(offset, LICENCES_PER_LINE)) {
      const last = runs.at(-1);
      if (last?.[2] === asset.key) {
        last.push(targetId(target));
      } else {
        runs.push([libraryId, "give", asset.key, targetId(target)]);
      }
    }
    yield runs;
  }
}

type Run = Extract<Entry, [string, "give", ...unknown[]]>;

function* eventEntries(library: Library): IterableIterator<Entry[]> {
  const { libraryId } = library.identity;
  for (const event of library.events.list()) {
    const { eventId, eventType, acceptedAt, numRequested } = event;
    const work = library.events.workOf(event) ?? null;
    const accepted: Entry = [libraryId, "accept", { eventId, eventType, acceptedAt, numRequested, work }];
    yield event.eventStatus === "PENDING" ? [accepted] : [accepted, [libraryId, "done", processedRecord(event)]];
  }
}

function changedLicences(library: Library): ChangedLicence[] {
  const changed = library.licences.changes.since(library.licences.changes.remembersFrom) ?? [];
  return changed
    .filter((licence) => library.assets.has(licence.asset.key))
    .map((licence) => {
      const removed = licence.state === "removed" ? 1 : 0;
      return [licence.revision, licence.asset.key, targetId(licence.target), removed];
    });
}

function changedUsers(library: Library): ChangedUser[] {
  const changed = library.users.changes.since(library.users.changes.remembersFrom) ?? [];
  return changed.map((user) => [user.revision, user.seq]);
}

import type { TargetId } from "../core/assignment";
import type { LibraryChange, Versioned, WorldChange } from "../core/changes";
import type { VersionsRecord } from "../core/versions";

/**
 * One change as it is kept: the id of the library it is about (0 for none), then the change. Some occur only where a
 * file was written anew: how far the versions are, what changed lately, and where that part of the file ends.
 */
export type Entry =
  | [libraryId: string, ...LibraryChange]
  | [libraryId: string, "versions", Readonly<Record<Versioned, VersionsRecord>>]
  | [libraryId: string, "changed-licences", from: number, ChangedLicence[]]
  | [libraryId: string, "changed-users", from: number, ChangedUser[]]
  | [0, ...WorldChange]
  | [0, "whole"];

/** A licence that changed: the revision, the asset, who holds or held it, and whether it was taken back. */
export type ChangedLicence = readonly [revision: number, asset: string, target: TargetId, removed: 0 | 1];

/** A user entry that changed: the revision and its number. */
export type ChangedUser = readonly [revision: number, user: number];

/** What a data file begins with; the number grows when files are written in a way older simulators cannot read. */
export const HEADER = { simulatorData: 1 } as const;

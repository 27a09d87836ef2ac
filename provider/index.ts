import { RunFiles } from "./apple/library/runFiles";
import { HostProcess } from "./engine/adapter";
import { Cancellation } from "./engine/cancellation";
import { EngineWatch } from "./engine/engineWatch";
import { providersOver } from "./providers";

/** What the engine's host loads for each kind. */
export const { vppToken, vppApp, vppUserSet, vppAssignment } = providersOver(
  new HostProcess({
    watch: EngineWatch.ofThisProcess(),
    cancellation: Cancellation.ofThisProcess(),
    files: RunFiles.ofThisMachine(),
  }),
);

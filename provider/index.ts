import { RunFiles } from "./apple/library/runs/runFiles";
import { HostProcess } from "./engine/adapter";
import { Cancellation } from "./engine/cancellation";
import { EngineWatch } from "./engine/engineWatch";
import { bearClosedOutput, closeWithEngine } from "./engine/orderlyEnd";
import { providersOver } from "./providers";

const watch = EngineWatch.ofThisProcess();
const host = new HostProcess({
  watch,
  cancellation: Cancellation.ofThisProcess(),
  files: RunFiles.ofThisMachine(),
});
if (watch.isHost) {
  closeWithEngine(() => host.close());
  bearClosedOutput();
}

/** What the engine's host loads for each kind. */
export const { vppToken, vppApp, vppUserSet, vppAssignment } = providersOver(host);

import { moveClock, showClock } from "../../kit/control/clock";
import type { Actions } from "../../kit/control/control";
import { removeRequests, showRequests } from "../../kit/control/requests";
import { controlAssets } from "./assets";
import { controlAssignments } from "./assignments";
import type { ControlContext } from "./context";
import { addFault, removeFaults, showFaults } from "./faults";
import { controlHolder } from "./holder";
import { addHook, removeHooks, showHooks } from "./hook-actions";
import { showLibrary } from "./library";
import { removeNotifications, showNotifications } from "./notifications";
import { changeSettings, showSettings } from "./settings";
import { showState } from "./state";
import { controlTokens } from "./tokens";
import { acceptInvitation, controlUsers } from "./users";

/** All actions of the control interface, by path and method. */
export const ACTIONS: Actions<ControlContext> = {
  state: { GET: showState },
  library: { GET: showLibrary },
  requests: { GET: showRequests, DELETE: removeRequests },
  tokens: { POST: controlTokens },
  holder: { POST: controlHolder },
  assets: { POST: controlAssets },
  assignments: { POST: controlAssignments },
  users: { POST: controlUsers },
  accept: { POST: acceptInvitation },
  clock: { GET: showClock, POST: moveClock },
  hooks: { GET: showHooks, POST: addHook, DELETE: removeHooks },
  faults: { GET: showFaults, POST: addFault, DELETE: removeFaults },
  notifications: { GET: showNotifications, DELETE: removeNotifications },
  settings: { GET: showSettings, POST: changeSettings },
  schemas: { GET: async () => ({ schemas: (await import("../../apple/control/schemas")).CONTROL_SCHEMAS }) },
};

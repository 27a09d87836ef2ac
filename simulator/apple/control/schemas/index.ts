import accept from "./accept.json";
import assets from "./assets.json";
import assignments from "./assignments.json";
import clock from "./clock.json";
import common from "./common.json";
import faultActions from "./fault-actions.json";
import faults from "./faults.json";
import holder from "./holder.json";
import hooks from "./hooks.json";
import library from "./library.json";
import notifications from "./notifications.json";
import requests from "./requests.json";
import schemas from "./schemas.json";
import settings from "./settings.json";
import state from "./state.json";
import tokens from "./tokens.json";
import users from "./users.json";

/**
 * The shapes of all requests and answers of the control interface, one JSON schema per path. Its definitions are named
 * METHOD.query or METHOD.body for requests, and METHOD.answer.
 */
export const CONTROL_SCHEMAS = {
  accept,
  assets,
  assignments,
  clock,
  common,
  faultActions,
  faults,
  holder,
  hooks,
  library,
  notifications,
  requests,
  schemas,
  settings,
  state,
  tokens,
  users,
};

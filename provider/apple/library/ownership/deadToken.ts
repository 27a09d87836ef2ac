export { deadTokenStatus, isUnknownToken, neverAccepted } from "../../api/apiErrors";

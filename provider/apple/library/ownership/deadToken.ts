export { deadTokenStatus } from "../../api/apiErrors";

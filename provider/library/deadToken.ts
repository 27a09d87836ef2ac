export { deadTokenStatus } from "../client/answers";

/** What the service's error numbers mean, for those who report what was not done. */
export { apiErrorOf, codeOfPart, remedyOfPart, wordsOfPart } from "../api/errorTable";

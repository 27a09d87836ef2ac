import { parts } from "./schemas";

/** Schemas of what look-ups are asked. An argument that nobody knows is refused: a filter that is misspelt must not give everything. */

const { adamId, clientUserId, contentTokenKey, count, flag, serialNumber, tokenRef } = parts;
const filterText = { type: "string", minLength: 1, maxLength: 255, description: "a text of 1 to 255 characters" };
const token = {
  type: "object",
  description: "a VppToken, { libraryId, contentTokenKey, bindingId } or a contentTokenKey",
  required: ["contentTokenKey"],
  additionalProperties: false,
  properties: { ...tokenRef.properties, contentTokenKey },
} as const;

export const lookUpSchemas = {
  getVppToken: {
    type: "object",
    additionalProperties: false,
    required: ["token"],
    properties: { token },
  },
  getVppApps: {
    type: "object",
    additionalProperties: false,
    required: ["token"],
    properties: {
      token,
      adamIds: { type: "array", description: "a list of adamIds", items: adamId },
      name: filterText,
      platform: filterText,
      productType: { enum: ["App", "Book"], description: '"App" or "Book"' },
      deviceAssignable: flag,
      freeBelow: count,
      names: flag,
    },
  },
  getVppUsers: {
    type: "object",
    additionalProperties: false,
    required: ["token"],
    properties: {
      token,
      clientUserIds: { type: "array", description: "a list of clientUserIds", items: clientUserId },
      status: { enum: ["Registered", "Associated"], description: '"Registered" (invited) or "Associated" (accepted)' },
      personalData: flag,
    },
  },
  getVppAssignments: {
    type: "object",
    additionalProperties: false,
    required: ["token"],
    properties: { token, adamId, serialNumber, clientUserId },
  },
} as const;

/** The look-ups that have a schema, which are all of them. */
export type LookUpName = keyof typeof lookUpSchemas;

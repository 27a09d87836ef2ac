/** Input schemas. `description` says what is allowed, in the words that a check failure uses. `x-private` values are never printed. */

const contentTokenKey = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$",
  description: "1 to 63 letters, digits, dots, hyphens or underscores",
} as const;

const tokenRef = {
  type: "object",
  description: "a VppToken, or { libraryId, contentTokenKey, bindingId }",
  required: ["libraryId", "contentTokenKey", "bindingId"],
  additionalProperties: false,
  properties: {
    libraryId: { type: "string", minLength: 1, description: "a library id" },
    contentTokenKey,
    bindingId: { type: "string", minLength: 1, description: "a binding id" },
    managedBy: { type: "string", minLength: 1, description: "the id of another service" },
  },
} as const;

const text = { type: "string", minLength: 1, maxLength: 255, description: "a text of 1 to 255 characters" } as const;
const adamId = {
  type: "string",
  pattern: "^[0-9]{1,19}$",
  description: "an app's number in the store, as text of digits",
} as const;
const pricingParam = { enum: ["STDQ", "PLUS"], description: '"STDQ" or "PLUS"' } as const;
const count = { type: "integer", minimum: 0, description: "a whole number, 0 or more" } as const;
const flag = { type: "boolean", description: "true or false" } as const;
const clientUserId = {
  type: "string",
  pattern: "^[^\\p{Cc}]{1,255}$",
  description: "a text of 1 to 255 characters without control characters",
  "x-private": true,
} as const;

const serialNumber = { type: "string", pattern: "^[A-Z0-9]{8,14}$", description: "8 to 14 letters or digits" } as const;

/** Schemas of single values, for whoever takes the same ones. */
export const parts = { adamId, clientUserId, contentTokenKey, count, flag, serialNumber, tokenRef } as const;

export const schemas = {
  VppToken: {
    type: "object",
    additionalProperties: false,
    required: ["contentTokenKey"],
    properties: {
      contentTokenKey,
      displayName: text,
      appleAccount: { ...text, "x-private": true },
      takeOverFrom: text,
      managedBy: text,
      maxRevocations: count,
      maxRetirements: count,
    },
  },
  VppApp: {
    type: "object",
    additionalProperties: false,
    required: ["token", "adamId", "pricingParam"],
    properties: { token: tokenRef, adamId, pricingParam, minimumAvailable: count },
  },
  VppUserSet: {
    type: "object",
    additionalProperties: false,
    required: ["token", "users"],
    properties: {
      token: tokenRef,
      users: {
        type: "array",
        description: "a list of { clientUserId, email?, managedAppleId? }",
        items: {
          type: "object",
          description: "{ clientUserId, email?, managedAppleId? }",
          additionalProperties: false,
          required: ["clientUserId"],
          properties: {
            clientUserId,
            email: {
              type: "string",
              pattern: "^[^@\\s]+@[^@\\s]+$",
              description: "an e-mail address",
              "x-private": true,
            },
            managedAppleId: {
              type: "string",
              pattern: "^[^@\\s]+@[^@\\s]+$",
              description: "a Managed Apple Account",
              "x-private": true,
            },
          },
        },
      },
      reclaim: flag,
      maxRetirements: count,
    },
  },
  VppAssignment: {
    type: "object",
    additionalProperties: false,
    required: ["token", "apps", "intent", "exclusive", "reclaim"],
    properties: {
      token: tokenRef,
      apps: {
        type: "array",
        minItems: 1,
        description: "a list of one or more apps",
        items: {
          type: "object",
          description: "a VppApp, { adamId, pricingParam? } or an adamId",
          additionalProperties: false,
          required: ["adamId", "pricingParam"],
          properties: { adamId, pricingParam },
        },
      },
      serialNumbers: {
        type: "array",
        description: "a list of serial numbers",
        items: serialNumber,
      },
      clientUserIds: { type: "array", description: "a list of clientUserIds", items: clientUserId },
      intent: { enum: ["required", "uninstall"], description: '"required" or "uninstall"' },
      exclusive: flag,
      reclaim: flag,
      maxRevocations: count,
    },
  },
} as const;

/** The kinds that have a schema. */
export type SchemaName = keyof typeof schemas;

import { Backend, type Deployment } from "./backend";
import { UserError } from "./errors";
import { makeUrn, type ResourceState, STACK_TYPE } from "./resource";
import { openCrypter, unseal } from "./secrets";
import { containsSecret, type Properties } from "./values";

/** The type of the resource with which a program refers to another stack. */
export const REFERENCE_TYPE = "pulumi:pulumi:StackReference";

/** What the program sends to read a resource that it does not manage: the fields that the engine heeds. */
export interface Reading {
  type: string;
  name: string;
  id: string;
  parent: string;
  properties?: Properties;
  dependenciesList: string[];
}

/** A reference as the program wants it, before it has been read. It is in the state only as long as the program has it. */
export function referred(reading: Reading, stack: string, project: string, provider: string): ResourceState {
  const { type, name, id, parent, properties: inputs = {}, dependenciesList: dependencies } = reading;
  const urn = makeUrn(stack, project, parent, type, name);
  return { urn, custom: true, id, type, inputs, outputs: {}, parent, external: true, provider, dependencies };
}

/** What a reference tells: the outputs of another stack of this backend, and the names of those that hold a secret. */
export function readReference(name: string): Properties {
  const outputs = outputsOf(name);
  const secret = Object.keys(outputs).filter((key) => containsSecret(outputs[key]));
  return { name, outputs, secretOutputNames: secret.sort() };
}

function outputsOf(name: string): Properties {
  const [organization, project, stack, ...more] = name.split("/");
  const isWhole = organization === "organization" && project && stack && more.length === 0;
  const backend = new Backend(project ?? "");
  if (!isWhole || !backend.has(stack)) throw new UserError(`unknown stack "${name}"`);
  const { resources = [], secrets_providers: secrets }: Deployment = backend.read(stack);
  const root = resources.find(({ type }) => type === STACK_TYPE);
  return root ? unseal(root, openCrypter(secrets?.state?.salt)).outputs : {};
}

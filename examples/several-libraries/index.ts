import * as pulumi from "@pulumi/pulumi";
import { give } from "./fleet";
import { bind } from "./tokens";

// One program for all stacks, told apart by their names. Why several stacks, and not one for everything: each library has its own people
// who may deploy to it, a mistake in one list stops one library only, and the states stay small. Whoever has just two small libraries can
// as well put both into one stack: two `VppToken`s with two keys.
const stack = pulumi.getStack();
export = stack === "tokens" ? bind() : give(stack);

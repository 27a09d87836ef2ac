import * as pulumi from "@pulumi/pulumi";
import * as vpp from "pulumi-vpp";

export interface LicenceGroupArgs {
  readonly token: vpp.VppToken;
  /** Where the people of the group are registered. */
  readonly staff: vpp.VppUserSet;
  readonly onDevices: readonly string[];
  readonly forPeople: readonly string[];
  readonly serialNumbers: readonly string[];
  readonly clientUserIds: readonly string[];
}

/** A group of devices and people that have the same apps. It stands as one line in a preview, with its assignments below it. */
export class LicenceGroup extends pulumi.ComponentResource {
  /** Licences that the group has. */
  readonly assignedCount: pulumi.Output<number>;
  /** Licences that it should have and has not. */
  readonly missingCount: pulumi.Output<number>;

  constructor(name: string, args: LicenceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("morrow-field:licences:LicenceGroup", name, {}, opts);
    const { token, staff, onDevices, forPeople, serialNumbers, clientUserIds } = args;
    const assignments: vpp.VppAssignment[] = [];
    // One assignment for a whole fleet: a thousand devices cost one resource and one request, and a device that moves from group to group
    // keeps the apps that both have, since the provider looks at the whole program before it takes anything back.
    if (onDevices.length > 0 && serialNumbers.length > 0) {
      assignments.push(
        new vpp.VppAssignment(
          `${name}-devices`,
          { token, apps: [...onDevices], serialNumbers: [...serialNumbers] },
          { parent: this },
        ),
      );
    }
    if (forPeople.length > 0 && clientUserIds.length > 0) {
      assignments.push(
        new vpp.VppAssignment(
          `${name}-people`,
          { token, apps: [...forPeople], clientUserIds: [...clientUserIds] },
          // People have to be registered before they can be given anything.
          { parent: this, dependsOn: staff },
        ),
      );
    }
    const sum = (counts: pulumi.Output<number>[]) => pulumi.all(counts).apply((all) => all.reduce((a, b) => a + b, 0));
    this.assignedCount = sum(assignments.map((assignment) => assignment.assignedCount));
    this.missingCount = sum(assignments.map((assignment) => assignment.missingCount));
    this.registerOutputs({ assignedCount: this.assignedCount, missingCount: this.missingCount });
  }
}

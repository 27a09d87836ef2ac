import { PolicyPack } from "@pulumi/policy";
import { brakeMissing, renewalDue, tooFewFree } from "./rules";

// The rules themselves are plain functions in rules.ts, so that they can be tested without an engine. Here is when each is asked, and how much
// it weighs: `mandatory` stops a run, `advisory` only says so.
new PolicyPack("apple-licences", {
  policies: [
    {
      name: "exclusive-has-a-brake",
      description: "An exclusive assignment says itself how many targets one run may take licences from.",
      enforcementLevel: "mandatory",
      // About inputs, so it is asked for every resource before anything is done for it.
      validateResource: (resource, report) => {
        const problem = brakeMissing(resource);
        if (problem !== undefined) report(problem);
      },
    },
    {
      name: "licences-left",
      description:
        "Some licences of every app that the program names stay free, for the next device that is handed out.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { percent: { type: "number", minimum: 0, maximum: 100, default: 5 } } },
      // About what the service says, which a preview knows for what is there already: as of the last refresh or update.
      validateStack: ({ resources, getConfig }, report) => {
        const { percent } = getConfig<{ percent: number }>();
        for (const resource of resources) {
          const problem = tooFewFree(resource, percent);
          if (problem !== undefined) report(problem, resource.urn);
        }
      },
    },
    {
      name: "token-renewed-in-time",
      description: "The content token is good for some days yet, so that nobody has to renew it in a hurry.",
      enforcementLevel: "mandatory",
      configSchema: { properties: { days: { type: "number", minimum: 1, default: 14 } } },
      validateStack: ({ resources, getConfig }, report) => {
        const { days } = getConfig<{ days: number }>();
        for (const resource of resources) {
          const problem = renewalDue(resource, days, new Date());
          if (problem !== undefined) report(problem, resource.urn);
        }
      },
    },
  ],
});

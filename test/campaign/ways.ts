import type fc from "fast-check";
import { engines } from "../support/engines";
import { CommandStack } from "./commandStack";
import { histories, shortHistories } from "./generate";
import type { History } from "./history";
import { ProviderProcess } from "./providerProcess";
import type { Service } from "./service";
import { CampaignStack, type LivingStack } from "./stack";

/** One way to live histories: which ones suit it, and with what. */
export interface Way {
  readonly histories: fc.Arbitrary<History>;
  readonly makeStack: (service: Service) => Promise<LivingStack>;
  dispose(): void;
}

/** Against the provider's process, with the engine's parts in this one: some hundred commands a minute. */
export function providerAlone(): Way {
  const provider = new ProviderProcess();
  const makeStack = async (service: Service): Promise<LivingStack> =>
    new CampaignStack(provider, service.folder, service.config);
  return { histories, makeStack, dispose: () => provider.dispose() };
}

/** As whole commands with real programs, on each engine in turn. */
export function wholeCommands(): Way {
  const available = engines();
  let turn = 0;
  const makeStack = (service: Service): Promise<LivingStack> =>
    CommandStack.create(available[turn++ % available.length]!, service);
  return { histories: shortHistories, makeStack, dispose: () => undefined };
}

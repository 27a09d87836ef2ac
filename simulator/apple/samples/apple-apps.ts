import type { AssetEntry } from "../library-file/types";

const EVERYWHERE = { supportedPlatforms: ["iOS", "macOS"], deviceFamilies: ["iphone", "ipad", "mac"] };
const ON_IPAD = { supportedPlatforms: ["iOS"], deviceFamilies: ["ipad"] };

/** Apple's free apps under their own ids, without a limit as free apps are by default. */
export const APPLE_APPS = {
  keynote: free("361285480", "Keynote", "com.apple.Keynote", EVERYWHERE),
  pages: free("361309726", "Pages", "com.apple.Pages", EVERYWHERE),
  numbers: free("361304891", "Numbers", "com.apple.Numbers", EVERYWHERE),
  garageBand: free("408709785", "GarageBand", "com.apple.mobilegarageband", ON_IPAD),
  classroom: free("1085319084", "Classroom", "com.apple.classroom", ON_IPAD),
} as const;

function free(adamId: string, name: string, bundleId: string, platforms: typeof EVERYWHERE): AssetEntry {
  return { adamId, name, bundleId, unlimited: true, artistName: "Apple", ...platforms };
}

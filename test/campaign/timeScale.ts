/** How many times faster the provider's time runs. On a busy machine less is more: what takes long there is taken for silence. */
export const timeScale = Number(process.env.CAMPAIGN_TIME_SCALE ?? "25");

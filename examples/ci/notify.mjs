// Posts one line of text to a chat's incoming webhook. Slack, Mattermost, Google Chat and others take {"text": "…"}; change the body here
// for one that wants another. Without NOTIFY_URL nobody is told, and the failed job has to speak for itself.
const [text] = process.argv.slice(2);
const { NOTIFY_URL } = process.env;
if (!text) throw new Error("Usage: node notify.mjs TEXT");
if (NOTIFY_URL) {
  const { ok, status } = await fetch(NOTIFY_URL, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
    signal: AbortSignal.timeout(30_000),
  });
  // The address is a secret, so it is not in the message.
  if (!ok) throw new Error(`The message was not taken: HTTP status ${status}.`);
} else {
  console.log(`NOTIFY_URL is not set, so nobody is told: ${text}`);
}

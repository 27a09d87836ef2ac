/** The floor of a command that reads libraries: makes the same requests, five at a time, understands the answers as JSON, and keeps nothing. */
import { readFileSync } from "node:fs";

interface Asked {
  readonly url: string;
  readonly token: string;
  readonly paths: readonly string[];
}

const atOnce = 5;

async function main(file: string): Promise<void> {
  const { url, token, paths } = JSON.parse(readFileSync(file, "utf8")) as Asked;
  const left = paths.values();
  const ask = async (): Promise<void> => {
    for (const path of left) {
      const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      await answer.json();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
}

void main(process.argv[2]!);

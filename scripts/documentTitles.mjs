// A plugin for typedoc: pages are listed under their headings, not under the names of their files.
import { Converter } from "typedoc";

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const text = document.content.map((part) => part.text).join("");
    const heading = /^# (.+)$/m.exec(text)?.[1];
    if (heading) document.name = heading.replaceAll("`", "");
  });
}

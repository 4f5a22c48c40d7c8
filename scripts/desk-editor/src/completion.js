// What can stand where: sources after `[^`, shortcodes after `{{ `, pictograms after `:`, pages and headings after `](`.
import { autocompletion } from "@codemirror/autocomplete";

const option = (label, detail, apply = label) => ({ label, detail, apply });

export function completion(address) {
  let known;
  const get = async () => (known ??= await (await fetch(address)).json());

  async function complete(context) {
    const match = (pattern) => context.matchBefore(pattern);
    let found = match(/\[\^[\w-]*/);
    if (found) return { from: found.from + 2, options: (await get()).sources.map((each) => option(each.id, each.title, `${each.id}]`)), validFor: /^[\w-]*$/ };
    found = match(/\{\{ ?[\w-]*(?: [\w=. -]*)?/);
    if (found) return shortcodes(found, await get());
    found = match(/\{[.][\w-]*/);
    if (found) return { from: found.from + 2, options: (await get()).classes.map((name) => option(name, "", `${name}}`)), validFor: /^[\w-]*$/ };
    found = match(/\]\([^)\s]*/);
    if (found) return links(found, await get());
    found = match(/(?:^|[\s(|*]):[a-z0-9-]*/);
    if (found) {
      const from = found.from + found.text.indexOf(":") + 1;
      const { pictograms, drawings } = await get();
      return { from, options: pictograms.map((name) => ({ ...option(name, "", `${name}: `), picture: drawings + name })), validFor: /^[a-z0-9-]*$/ };
    }
    return null;
  }

  function shortcodes(found, { shortcodes }) {
    const typed = found.text.replace(/^\{\{ ?/, "");
    const [name, ...rest] = typed.split(" ");
    const from = found.to - (rest.length ? rest.at(-1).length : name.length);
    if (!rest.length) return { from, options: shortcodes.map((each) => option(each.name, each.about, each.example.slice(3))), validFor: /^[\w-]*$/ };
    const row = shortcodes.find((each) => each.name === name);
    const options = Object.entries(row?.arguments ?? {}).flatMap(([key, values]) => values.map((value) => option(`${key}=${value}`, "")));
    return { from, options, validFor: /^[\w=.-]*$/ };
  }

  function links(found, { pages }) {
    const own = decodeURIComponent(address).split("/text-known/")[1].split("/").slice(1).join("/");
    const folder = own.split("/").slice(0, -1);
    const options = pages.flatMap((page) => {
      const path = page.path === own ? "" : relative(folder, page.path);
      const headings = page.headings.map((each) => option(`${path}#${each.id}`, each.title, `${path}#${each.id})`));
      return path ? [option(path, page.title, `${path})`), ...headings] : headings;
    });
    return { from: found.from + 2, options, validFor: /^[^)\s]*$/ };
  }

  function picture(option) {
    if (!option.picture) return null;
    return Object.assign(new Image(), { className: "pictogram", src: option.picture, alt: "" });
  }

  return autocompletion({ addToOptions: [{ render: picture, position: 20 }], override: [complete], activateOnTyping: true, icons: false });
}

function relative(folder, path) {
  const there = path.split("/");
  let same = 0;
  while (same < folder.length && folder[same] === there[same]) same += 1;
  return [...folder.slice(same).map(() => ".."), ...there.slice(same)].join("/");
}

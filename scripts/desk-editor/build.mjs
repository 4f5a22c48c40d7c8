// Bundles the editor into scripts/campaign/desk/client/, or into the folder that is named. Same lock, same bytes.
import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "../campaign/desk/client");
const made = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome100", "firefox100", "safari15"],
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  outfile: join(out, "editor.js"),
});
// What is in the bundle, with its licence: MIT asks that its words travel along.
const names = new Set();
for (const path of Object.keys(made.metafile.inputs)) {
  const found = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g);
  if (found) names.add(found.at(-1).slice("node_modules/".length, -1));
}
const parts = [...names].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const words = file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8").trim() : license;
  return `${name} ${version} (${license})\n\n${words}\n`;
});
writeFileSync(join(out, "editor-NOTICE.txt"), `editor.js is made from these, and from scripts/desk-editor/:\n\n${parts.join("\n----\n\n")}`);

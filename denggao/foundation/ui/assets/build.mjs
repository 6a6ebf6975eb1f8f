/* Builds what pages load: one style sheet, one script, the charts (loaded by pages that show one), what plays
   films in several sizes (loaded on play), the icons used. */
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { kit } from "./kit.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "ui", "dist");
const target = ["chrome87", "safari14.1", "firefox90"];

async function sprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split("\n").map((line) => line.trim()).filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const file = join(here, "node_modules", "@tabler", "icons", "icons", "outline", `${name}.svg`);
      const drawing = (await readFile(file, "utf8").catch(() => { throw new Error(`icons.txt: there is no icon “${name}”.`); }))
        .replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "").replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "").replace(/\s+/g, " ").trim();
      return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`;
    }),
  );
  await writeFile(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
/* app.css begins with the kit; here stands what of it is used. */
const usedKit = {
  name: "kit",
  setup(builder) {
    builder.onLoad({ filter: /@tabler[\\/]core[\\/].*\.css$/ }, async ({ path }) => {
      const own = (await readdir(join(here, "css"))).filter((name) => name.endsWith(".css"));
      const others = await Promise.all(own.map((name) => readFile(join(here, "css", name), "utf8")));
      return { contents: await kit(path, others.join("\n")), loader: "css" };
    });
  },
};

const common = { bundle: true, minify: true, target, outdir: out, logLevel: "warning", absWorkingDir: here, legalComments: "linked" };
await Promise.all([
  build({ ...common, entryPoints: { app: "css/app.css", screen: "css/screen.css" }, loader: { ".svg": "dataurl" }, plugins: [usedKit] }),
  build({ ...common, entryPoints: { app: "js/app.js", charts: "js/charts.js", player: "js/player.js" }, format: "iife" }),
  build({ ...common, entryPoints: { hls: "js/hls.js" }, format: "esm" }),
  sprite(),
  copyFile(join(here, "svg", "logo.svg"), join(out, "logo.svg")),
]);

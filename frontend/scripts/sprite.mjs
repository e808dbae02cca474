// Put the icons that screens name into one SVG sprite, each as a <symbol id>.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const names = JSON.parse(readFileSync(new URL("../src/icons.json", import.meta.url), "utf8"));
const source = new URL("../node_modules/@tabler/icons/icons/outline/", import.meta.url);
const target = new URL("../../src/suyuan/web/static/build/", import.meta.url);

const symbols = names.map((name) => {
  const svg = readFileSync(new URL(`${name}.svg`, source), "utf8");
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
  const kept = inner.replace(/<path[^>]*d="M0 0h24v24H0z"[^>]*\/>/g, "").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${kept.replace(/\s*\n\s*/g, "")}</symbol>`;
});

mkdirSync(target, { recursive: true });
writeFileSync(
  new URL("icons.svg", target),
  `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`,
);

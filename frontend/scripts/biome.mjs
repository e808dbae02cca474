// Run biome from the package of this platform alone.
//
// `@biomejs/biome` lists eight platforms as optional dependencies. A mirror that lacks one of them
// leaves it out of the lock file, and `npm ci` then refuses the whole project; so the two platforms
// that checks run on are named one by one, and other machines are told how to run it themselves.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = `../node_modules/@biomejs/cli-${process.platform}-${process.arch}/biome`;
const program = fileURLToPath(new URL(folder, import.meta.url));

if (existsSync(program)) {
  const done = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
  process.exit(done.status ?? 1);
}
console.warn(
  `biome is not installed for ${process.platform}-${process.arch}: these checks are left to CI`,
);

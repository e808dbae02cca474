// File names are stable; Django's manifest storage adds the hashes.
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/suyuan/web/static/build",
    emptyOutDir: false,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: {
        app: "src/app/main.ts",
        consumer: "src/styles/consumer.scss",
        designer: "src/designer/main.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  test: { environment: "happy-dom", include: ["tests/**/*.test.ts"] },
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// Beside each file its gzip, made once: the programs send it as it is. Without names and times in it, so that two builds
// are the same bytes.
function compressed(): Plugin {
  let out = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      out = config.build.outDir;
    },
    closeBundle() {
      const folder = join(out, "assets");
      for (const name of readdirSync(folder)) {
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/",
  publicDir: false,
  plugins: [compressed()],
  css: { preprocessorOptions: { scss: { quietDeps: true, loadPaths: ["node_modules"] } } },
  build: {
    outDir: process.env.WAYMARK_WEB_OUT ?? "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    assetsInlineLimit: 0,
    target: "es2020",
    rollupOptions: { input: ["src/main.ts", "styles/main.scss"] },
  },
  test: { include: ["tests/**/*.test.ts"] },
} as never);

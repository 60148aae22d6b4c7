import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    // Inlined files would be data: addresses, which the content policy keeps to pictures.
    assetsInlineLimit: 0,
    // The polyfill is an inline script in disguise; every browser that we support has module preloading.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
});

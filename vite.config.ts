import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative base: the built folder works at any path of any static host.
export default defineConfig({
  base: './',
  plugins: [react()],
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
  server: { port: 5173 },
});

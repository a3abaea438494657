/**
 * Names of rasterisers that imitate a GPU on the CPU: SwiftShader (Chromium), llvmpipe, lavapipe and softpipe (Mesa), WARP
 * (Windows' Microsoft Basic Render Driver). wasm is far faster than any of them.
 */
const imitations = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;

export const isSoftwareAdapter = (description: string): boolean => imitations.test(description);

import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { BackendRefusal, type OpenBackend, type OpenOptions } from './backend.ts';
import { isSoftwareAdapter } from './backend.software.ts';

/** Safari's workers claim WebGL 2 on an OffscreenCanvas and return wrong numbers from it. */
const isSafari = (): boolean =>
  /^((?!chrome|chromium|android|crios|fxios|edg).)*safari/i.test(navigator.userAgent);

/** The name of what draws, behind the browser's general name for it where that can be asked. */
function rendererName(): string | null {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return null;
  const extension = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(extension ? extension.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return name;
}

export async function openWebgl({ chosen, onLost }: OpenOptions): Promise<OpenBackend> {
  if (isSafari()) throw new BackendRefusal('no-webgl', 'not in a Safari worker');
  const renderer = rendererName();
  if (renderer === null) throw new BackendRefusal('no-webgl');
  const software = isSoftwareAdapter(renderer);
  if (software && !chosen) throw new BackendRefusal('software-gpu', renderer);
  // What draws is asked before the package is fetched: where it is refused, nobody pays for the download.
  const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
  if (!(await env().getAsync('WEBGL_RENDER_FLOAT32_CAPABLE'))) {
    throw new BackendRefusal('no-webgl', 'it renders 16-bit numbers only');
  }
  // Freed textures are kept for reuse up to this many bytes; without a bound, changing networks only ever adds.
  env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', 256 * 2 ** 20);
  const backend = new MathBackendWebGL();
  if (findBackendFactory('webgl')) removeBackend('webgl');
  registerBackend('webgl', () => backend, 2);

  let closed = false;
  const canvas = backend.gpgpu.gl.canvas as OffscreenCanvas;
  canvas.addEventListener('webglcontextlost', () => {
    if (!closed) onLost('the WebGL context was lost');
  });
  return {
    threads: 0,
    adapter: renderer,
    software,
    exclusive: true,
    gpuBytes: () => (backend.memory() as { numBytesInGPUAllocated?: number }).numBytesInGPUAllocated ?? 0,
    close: () => {
      closed = true;
    },
  };
}

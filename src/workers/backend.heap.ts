/**
 * tfjs takes the address that its wasm module's malloc returns without looking at it: with a full heap that is 0, and
 * the next tensor is written over the module's own data.
 */
export interface WasmHeap {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly HEAPU8: Uint8Array;
}

const guarded = new WeakSet<WasmHeap>();

/** Makes a full heap throw a RangeError, which the engine tells as 'out-of-memory'. A second call changes nothing. */
export function guardHeap(wasm: WasmHeap): void {
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  // Emscripten's exports replace themselves when they are first called: what is wrapped must be the final one.
  wasm._free(wasm._malloc(8));
  const malloc = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(`the wasm heap of ${wasm.HEAPU8.byteLength} bytes has no room for ${bytes} more`);
  };
}

/**
 * Throws a RangeError where the heap has no room for these blocks beside each other. XNNPACK allocates inside the
 * module, where a failure shows as a layer of zeros: this asks first. Nothing is touched, so it costs microseconds.
 */
export function expectHeapRoom(wasm: WasmHeap, blocks: readonly number[]): void {
  const addresses: number[] = [];
  try {
    for (const bytes of blocks) addresses.push(wasm._malloc(bytes));
  } finally {
    addresses.forEach((address) => wasm._free(address));
  }
}

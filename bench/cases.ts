/** What is measured of each network with weights: a late layer (its strongest map is projected) and a rule that is defined there. */
export const cases = [
  { network: 'lenet-5-modern', layer: 'conv2', rule: 'gradient' },
  { network: 'zfnet-imagenette', layer: 'relu5', rule: 'deconvnet' },
  { network: 'efficientnet-lite0', layer: 'head_relu', rule: 'deconvnet' },
] as const;

/** A seven as strokes of a thick pen would draw it, dark on white, for the network that reads digits. */
export function drawnSeven(side = 280): {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
} {
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const dot = (cx: number, cy: number) => {
    const radius = side / 28;
    for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
      for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= radius ** 2)
          data.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
      }
    }
  };
  for (let t = 0; t <= 1; t += 0.01) {
    dot(side * (0.3 + 0.4 * t), side * 0.25);
    dot(side * (0.7 - 0.25 * t), side * (0.25 + 0.5 * t));
  }
  return { width: side, height: side, data };
}

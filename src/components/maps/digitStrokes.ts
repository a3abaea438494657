/** A stroke of the pen: points in a unit square, x to the right and y down. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** Width of the pen as a fraction of the canvas: about what MNIST's digits have. */
export const penWidth = 0.09;

const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number): Stroke => {
  const steps = Math.ceil(Math.abs(to - from) / 12);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });
};

/** One handwritten-looking example of each digit, for those who cannot draw with a pointer. */
export const exampleDigits: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.2, 0.3, -100, 260)],
  [
    [
      [0.42, 0.3],
      [0.53, 0.2],
      [0.5, 0.8],
    ],
  ],
  [[...arc(0.49, 0.36, 0.18, 0.16, -165, 35), [0.32, 0.78], [0.36, 0.77], [0.71, 0.78]]],
  [[...arc(0.47, 0.35, 0.17, 0.15, -150, 80), ...arc(0.47, 0.645, 0.2, 0.155, -80, 155)]],
  [
    [
      [0.34, 0.2],
      [0.27, 0.56],
      [0.7, 0.54],
    ],
    [
      [0.6, 0.22],
      [0.58, 0.84],
    ],
  ],
  [
    [[0.38, 0.22], [0.35, 0.47], ...arc(0.47, 0.62, 0.19, 0.17, -125, 140)],
    [
      [0.38, 0.22],
      [0.67, 0.2],
    ],
  ],
  [[[0.6, 0.19], [0.46, 0.32], [0.37, 0.48], ...arc(0.49, 0.64, 0.155, 0.155, -180, 165)]],
  [
    [
      [0.3, 0.25],
      [0.68, 0.23],
      [0.56, 0.5],
      [0.46, 0.81],
    ],
  ],
  [[...arc(0.5, 0.35, 0.14, 0.145, 60, -230), ...arc(0.5, 0.655, 0.17, 0.16, -130, 230), [0.56, 0.48]]],
  [[...arc(0.49, 0.36, 0.155, 0.16, 0, -360), [0.62, 0.6], [0.57, 0.82]]],
];

import { useLayoutEffect, useRef } from 'react';
import type { Pixels } from '../../models/preprocessing.ts';

/** A picture pixel by pixel, as large as its style says. Without a label it is decoration of what stands around it. */
export function PixelCanvas({
  pixels,
  label,
  className,
}: {
  pixels: Pixels;
  label?: string;
  className?: string | undefined;
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  // Before the browser paints: a frame with a new label and the pixels of before would show one thing as another.
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d');
    context?.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={ref}
      width={pixels.width}
      height={pixels.height}
      className={className}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}

import { overlap, type Box, type Picture, type TextMark } from './chartTypes.ts';
import { measurePlex } from './textMeasure.ts';

/** The room that a text takes: its own box, on its side where it is turned by a quarter. */
function boxOf(mark: TextMark): Box {
  const wide = measurePlex(mark.text, mark.font, mark.size);
  const before = { start: 0, middle: wide / 2, end: wide }[mark.anchor];
  const [above, high] = [mark.size - 2, mark.size - 2];
  if (mark.turn === undefined) return { x: mark.x - before, y: mark.y - above, width: wide, height: high };
  // Turned by -90 degrees the text runs upwards from its beginning.
  return { x: mark.x - above, y: mark.y + before - wide, width: high, height: wide };
}

/** What hinders reading a chart, in words: texts over each other or cut by its edges, numbers that are none. */
export function chartFaults({ width, height, marks }: Picture): readonly string[] {
  const texts = marks.flatMap((mark) =>
    mark.kind === 'text' ? [{ text: mark.text, box: boxOf(mark) }] : [],
  );
  const faults: string[] = [];
  texts.forEach(({ text, box }, i) => {
    if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
      faults.push(`${text} is cut by the edge`);
    for (const other of texts.slice(i + 1))
      if (overlap(box, other.box)) faults.push(`${text} lies over ${other.text}`);
  });
  if (/NaN|Infinity|undefined/.test(JSON.stringify(marks))) faults.push('a place is no number');
  return faults;
}

/**
 * Makes a change that touches every element of the page, as another language or other colours do. Parts that say
 * `data-follows` follow it a screenful a frame if nobody sees them: together they would hold up the page for 0.1 s.
 */
export function inSlices<T>(change: () => T): T {
  const unseen = [...document.querySelectorAll<HTMLElement>('[data-follows]')].flatMap((part) => {
    const { top, bottom, height } = part.getBoundingClientRect();
    const seen = bottom > 0 && top < window.innerHeight;
    return seen || part.contains(document.activeElement) ? [] : [{ part, height }];
  });
  for (const { part, height } of unseen) {
    part.style.containIntrinsicBlockSize = `${height}px`;
    part.style.contentVisibility = 'hidden';
  }
  const changed = change();
  const follow = (): void => {
    let room = window.innerHeight;
    while (unseen.length > 0 && room > 0) {
      const { part, height } = unseen.shift()!;
      part.style.containIntrinsicBlockSize = '';
      part.style.contentVisibility = '';
      room -= height;
    }
    if (unseen.length > 0) requestAnimationFrame(follow);
  };
  // What the change leads to is drawn in the frame after this one.
  if (unseen.length > 0) requestAnimationFrame(() => requestAnimationFrame(follow));
  return changed;
}

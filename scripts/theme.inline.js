/* global document, matchMedia */
// Before the first paint, so that a dark page does not flash white.
try {
  const theme = JSON.parse(localStorage.getItem('convscope:preferences') ?? '{}').theme ?? 'system';
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
} catch {
  document.documentElement.dataset.theme = 'light';
}

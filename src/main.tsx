import './trustedTypes.ts';
import './components/fonts/faces.css';
import './components/fonts.css';
import './components/tokens.css';
import './components/base.css';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './components/app/App.tsx';
import { layOutAhead } from './components/diagram/layOutAhead.ts';
import { preloadLanguage, startI18n } from './components/i18n/index.ts';
import { languageFor } from './components/store/defaults.ts';
import { getAppStore, holdChanges } from './components/store/store.ts';
import { openZoo } from './components/zoo.ts';

/** How long the page's first drawing waits for the list of weights, ms. */
const patienceMs = 1000;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with id "root"');

// The address may ask for another language; then this guess was for nothing, and nothing waited for it.
preloadLanguage(languageFor(navigator.languages));
await openZoo();
const store = getAppStore();
// The engine starts and the weights travel while React draws; nothing on the first view waits for them.
void store.boot();
// What the layout throws, the drawing throws again, and says.
const laidOut = layOutAhead(store.getState()).catch(() => undefined);
await Promise.all([startI18n(store.getState().language), manifestKnown(), laidOut]);

/** The first drawing says whose weights answer, as the picture does that it replaces (src/first); a slow host is not waited for. */
function manifestKnown(): Promise<void> {
  const known = () => ['done', 'failed'].includes(store.getState().manifest.state);
  return new Promise((resolve) => {
    const stop = store.subscribe(() => known() && done());
    const done = () => {
      stop();
      resolve();
    };
    if (known()) done();
    else setTimeout(done, patienceMs);
  });
}

holdChanges();
// As a transition the first drawing is cut into slices between which the browser and the worker get their turn.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);

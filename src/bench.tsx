import './components/fonts/faces.css';
import './trustedTypes.ts';
import './components/tokens.css';
import './components/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BenchPage } from './components/bench/BenchPage.tsx';
import { browserBench } from './components/bench/browserBench.ts';
import { askedLanguage } from './components/bench/usePage.ts';
import { addBenchWords } from './components/bench/words.ts';
import { startI18n } from './components/i18n/index.ts';

const root = document.getElementById('root');
if (!root) throw new Error('bench.html has no element with id "root"');

const bench = browserBench();
// The backends are tried while the page is drawn; none of them is waited for.
void bench.look();
await startI18n(askedLanguage());
addBenchWords();
createRoot(root).render(
  <StrictMode>
    <BenchPage bench={bench} />
  </StrictMode>,
);

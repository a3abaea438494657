import { useTranslation } from 'react-i18next';
import { formatPercent } from '../../viz/numbers.ts';
import { useStore } from '../store/store.ts';

/** Tells screen readers what has changed without being looked at: the answer, and the layer that is open. */
export function Announcer() {
  const { t } = useTranslation('app');
  const answer = useStore((s) => s.answer);
  const maps = useStore((s) => s.maps);
  const projection = useStore((s) => s.projection);
  const best = answer.state === 'done' ? answer.value.top[0] : undefined;
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {best && <p>{t('announce.answer', { name: best.name, percent: formatPercent(best.probability) })}</p>}
      {maps.state === 'done' && (
        <p>{t('announce.maps', { layer: maps.value.node, count: maps.value.shape[2] })}</p>
      )}
      {projection.state === 'done' && (
        <p>
          {t('announce.projection', {
            layer: projection.value.request.node,
            channel: projection.value.request.channel,
          })}
        </p>
      )}
    </div>
  );
}

import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { errorAxes, quantities, type Comparison, type Quantity } from '../../models/compare.ts';
import { members } from '../../models/zoo/index.ts';
import { bubbleChart } from '../../viz/chartBubble.ts';
import { useStore } from '../store/store.ts';
import { useFrame } from '../ui/useMedia.ts';
import { Segments } from '../ui/Segments.tsx';
import { bubblePicture, seatsOf, seatText } from './bubblePicture.ts';
import { ChartView } from './ChartView.tsx';
import type { Compared } from './useCompared.ts';
import { useMeasures } from './useMeasures.ts';
import { useWidth } from './useWidth.ts';
import styles from './chart.module.css';
import page from './compare.module.css';

const imageNet = members.filter(({ dataset }) => dataset === 'ImageNet-1k');

interface BubblesProps {
  readonly comparison: Comparison;
  readonly networks: readonly Compared[];
  /** Settings that were visited with the sliders, oldest first. */
  readonly trace: readonly string[];
}

/** Error against cost with the size as area: every listed ImageNet network, the chosen ones highlighted. */
export function Bubbles({ comparison, networks, trace }: BubblesProps) {
  const { t } = useTranslation(['compare', 'app']);
  const change = useStore((s) => s.changeComparison);
  const language = useStore((s) => s.language);
  const chooseNetwork = useStore((s) => s.chooseNetwork);
  const frame = useFrame();
  const [box, width] = useWidth<HTMLDivElement>();
  const { y, figures } = comparison;
  const infos = useMemo(() => {
    const others = networks
      .map(({ network }) => network.info)
      .filter((info) => !imageNet.some((m) => m.id === info.id));
    return [...imageNet, ...others];
  }, [networks]);
  const wanted = useMemo(() => [...infos.map(({ id }) => id), ...trace], [infos, trace]);
  const known = useMeasures(wanted);
  const waiting = wanted.filter((ref) => !known.has(ref)).length;
  const seats = useMemo(() => seatsOf(infos, known, { figures, y }), [infos, known, figures, y]);
  const apart = infos.filter((info) => known.has(info.id) && !seats.some((seat) => seat.info === info));

  const picture = useMemo(
    () =>
      bubbleChart(
        bubblePicture(t, {
          comparison,
          seats,
          chosen: new Set(networks.map(({ network }) => network.ref)),
          trace: trace.flatMap((ref) => known.get(ref) ?? []),
          width,
          height: frame === 'narrow' ? 620 : Math.min(720, Math.max(560, width * 0.56)),
        }),
      ),
    [t, comparison, seats, networks, trace, known, width, frame],
  );
  const describe = useCallback(
    (id: string) =>
      seatText(
        t,
        seats.find((each) => each.id === id)!,
        comparison,
        language,
      ),
    [t, seats, comparison, language],
  );
  const open = useCallback(
    (id: string) => chooseNetwork(seats.find((each) => each.id === id)!.info.id),
    [seats, chooseNetwork],
  );

  const axis = (key: 'x' | 'area') => (
    <label>
      {t(`bubbles.${key}`)}{' '}
      <select
        className={page.select}
        value={comparison[key]}
        onChange={(event) => change({ [key]: event.currentTarget.value as Quantity })}
      >
        {quantities.map((each) => (
          <option key={each} value={each}>
            {t(`quantity.${each}`)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section aria-labelledby="compare-bubbles" data-follows>
      <div className={page.bar}>
        <h2 id="compare-bubbles">{t('bubbles.heading')}</h2>
      </div>
      <div className={styles.controls}>
        <label>
          {t('bubbles.y')}{' '}
          <select
            className={page.select}
            value={y}
            onChange={(event) => change({ y: event.currentTarget.value as Comparison['y'] })}
          >
            {errorAxes.map((each) => (
              <option key={each} value={each}>
                {t(`error.${each}`)}
              </option>
            ))}
          </select>
        </label>
        {axis('x')}
        {axis('area')}
        <Segments
          label={t('bubbles.figures')}
          value={figures}
          options={[
            { value: 'weights', text: t('bubbles.weights') },
            { value: 'papers', text: t('bubbles.papers') },
          ]}
          onChange={(next) => change({ figures: next })}
        />
        {waiting > 0 && <span role="status">{t('bubbles.waiting', { count: waiting })}</span>}
      </div>
      <div ref={box} className={page.chart}>
        {width > 0 && (
          <ChartView picture={picture} fileName={`${y}-${comparison.x}`} describe={describe} onOpen={open} />
        )}
      </div>
      {apart.length > 0 && (
        <p className={styles.apart}>
          {t(`bubbles.apart.${figures}`)} {apart.map(({ name }) => name).join('; ')}.
        </p>
      )}
    </section>
  );
}
